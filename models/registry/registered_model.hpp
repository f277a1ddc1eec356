#pragma once

#include "core/base/result.hpp"
#include "models/registry/audit_log.hpp"
#include "models/registry/durable_files.hpp"
#include "models/registry/model_change.hpp"
#include "models/registry/model_folder.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::models {

/// The user and the host of this process. The user is that of the environment (USER, LOGNAME), else `uid 1000`.
change_reason reason_of_this_process(std::string note = {});

/// What came of a change of an alias.
struct alias_change {
  std::uint64_t from = 0; ///< the version that it had; 0: none
  std::uint64_t to = 0;   ///< that it has; 0: none
};

/// One model of a registry, a folder of plain files:
///
///     1.onnx 2.onnx ...  its versions, whole numbers that only grow; never changed once they are there
///     aliases.json       {"champion": 2}
///     log.ndjson         its audit log, a line a change
///     .lock              held by whoever changes something
///
/// Safe under processes that read and change it at once, on several machines where the file system has locks and
/// atomic renames. A version is there when its file has its name, an alias has a version when aliases.json has been
/// replaced: both are one rename of a file that is on disk. The log's line is on disk before that rename, so no change
/// is without its line. After a kill between both the log says one change more than there was, its last: whoever takes
/// the lock next compares that line with the files, and writes that it is undone (log_action::undone). Nobody can have
/// changed something in between. What a person has changed by hand gets a line too (log_action::found). So under the
/// lock the log, read through without_undone(), always tells what is there and how it came, which is what a rollback
/// stands on. Reading takes no lock: it sees the files before a change, or after it.
class registered_model {
public:
  /// One that is there. @param path REGISTRY/NAME
  static core::result<registered_model> open(const std::string& path, step_hook hook = {});

  /// The same, or a new one: its folders are made with its first version.
  static core::result<registered_model> open_or_new(const std::string& path, step_hook hook = {});

  /// Whether the folder is one of a model: it has a version, aliases or a log, and is no symbolic link.
  static bool is_at(const std::string& path);

  const std::string& name() const noexcept { return name_; }
  const std::string& path() const noexcept { return path_; }

  /// By their numbers; only regular files count.
  core::result<std::vector<model_version>> versions() const;
  core::result<model_aliases> aliases() const;

  /// All lines, the oldest first. The last one may be of a change that is under way.
  core::result<std::vector<log_entry>> log() const;

  struct added_version {
    std::uint64_t number = 0;
    bool is_new = false; ///< false: a version has these bytes already
  };

  /// Adds the bytes of an ONNX file as the next version, unless a version has the same. Fails where Weir cannot read
  /// the model.
  core::result<added_version> add(std::string_view bytes, const change_reason& why);

  /// Sets an alias. Where it has that version already nothing is changed, nor logged.
  core::result<alias_change> promote(const std::string& alias, std::uint64_t version, const change_reason& why);

  /// Takes an alias away; its versions stay.
  core::result<alias_change> remove(const std::string& alias, const change_reason& why);

  /// Sets an alias to the version that it had before the one that it has; done again, to the one before that.
  core::result<alias_change> roll_back(const std::string& alias, const change_reason& why);

private:
  registered_model(std::string path, std::string name, step_hook hook) :
      path_{std::move(path)}, name_{std::move(name)}, hook_{std::move(hook)} {}

  std::string path_;
  std::string name_;
  step_hook hook_;
};

/// The models of a registry, by name. Other folders are passed over. An error: the folder cannot be read.
core::result<std::vector<registered_model>> models_of_registry(const std::string& path);

} // namespace weir::models
