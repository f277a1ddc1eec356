#pragma once

#include "core/base/result.hpp"
#include "models/registry/durable_files.hpp"
#include "models/registry/model_folder.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::models {

/// Who changes a model, and why.
struct change_reason {
  std::string user;
  std::string host;
  std::string note{};
};

/// A change of a model's folder, under its lock; see registered_model for the order in which files are written.
class model_change {
public:
  /// Waits for the lock, and writes into the log what it lacks: that the last change was undone, or what a person did.
  /// The hook and the reason outlive this.
  static core::result<model_change> begin(const std::string& folder, const change_reason& why, const step_hook& hook);

  const std::vector<model_version>& versions() const noexcept { return versions_; }
  /// 0: it has none.
  std::uint64_t version_of(std::string_view alias) const;
  /// without_undone()
  const std::vector<log_entry>& entries() const noexcept { return entries_; }

  core::result<std::uint64_t> add(std::string_view bytes, std::string digest);

  /// @param to 0: takes the alias away
  core::result<void> set(const std::string& alias, std::uint64_t to, log_action action);

private:
  model_change(std::string folder, const change_reason& why, const step_hook& hook, folder_lock lock) :
      folder_{std::move(folder)}, why_{why}, hook_{hook}, lock_{std::move(lock)} {}

  core::result<void> read();
  core::result<void> undo_last();
  core::result<void> find_changes();
  core::result<void> write(log_entry entry);
  std::string digest_of(std::uint64_t version) const;

  std::string folder_;
  const change_reason& why_;
  const step_hook& hook_;
  folder_lock lock_;
  audit_log log_;
  std::vector<log_entry> entries_;
  std::vector<model_version> versions_;
  model_aliases aliases_;
};

} // namespace weir::models
