#pragma once

#include "core/base/result.hpp"
#include "core/base/types.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::io {

struct part_folder_options {
  std::string path;
  std::string owner;              ///< the pipeline and the node; begins the parts' names
  std::string header;             ///< first line of each part; empty: none
  std::uint64_t bytes = 1u << 27; ///< a part that has so many is followed by another
};

/// A folder into which a node writes whole parts, in two phases as a transaction does: what is appended between begin()
/// and seal() is in hidden files; publish() shows them. A reader of the folder never sees half a line, nor a record
/// whose transaction is not committed. What a crash leaves is settled by io/file/part_recovery.hpp.
///
/// Thread-safe. After a failure nothing is taken any more: discard, and open another.
class part_folder {
public:
  /// Makes the folder if it is not there.
  static core::result<std::shared_ptr<part_folder>> open(part_folder_options options);
  ~part_folder();
  part_folder(const part_folder&) = delete;
  part_folder& operator=(const part_folder&) = delete;

  /// A transaction begins: appending is possible from now on.
  void begin();

  /// Appends whole lines. False: it could not (disk full), or no transaction is open.
  bool append(std::string_view lines);

  /// Closes the transaction's parts; they are on the disk then. A repetition says the same again.
  /// @param partition of the state topic in which they are going to be listed
  /// @returns the final paths of those that the transaction holds, and of older ones that could not be shown
  core::result<std::vector<std::string>> seal(core::partition_id partition);

  /// The transaction is committed: its parts get their names. An error: some did not; they do by the next call.
  core::result<void> publish();

  /// The transaction is aborted: its parts are removed.
  void discard();

  /// Writes a part of its own that is shown at once, outside of any transaction.
  bool append_now(std::string_view lines);

  /// Why nothing is taken any more.
  std::optional<core::error> failure() const;

private:
  struct file {
    std::string name;
    int fd = -1;
    std::uint64_t size = 0;
  };
  struct sealed_part {
    std::string name;
    core::partition_id partition{};
  };

  explicit part_folder(part_folder_options options);
  core::result<file> start();
  core::result<void> write(file& to, std::string_view bytes) const;
  core::result<void> close(file& of) const;
  core::result<void> rename(const std::string& from, const std::string& to) const;
  core::result<void> sync() const;
  core::result<void> append_to_current(std::string_view lines);
  core::result<void> close_current();
  core::result<void> seal_all(core::partition_id partition);
  core::error cannot_write(const std::string& name) const;
  std::string path_of(const std::string& name) const { return options_.path + "/" + name; }

  part_folder_options options_;
  std::string extension_;
  mutable std::mutex mutex_;
  bool is_begun_ = false;
  std::int64_t newest_ = 0; ///< time in the name of the newest part
  std::optional<file> current_;
  std::vector<std::string> closed_;    ///< of the open transaction
  std::vector<sealed_part> sealed_;    ///< of the transaction that is being committed
  std::vector<sealed_part> committed_; ///< and not yet shown
  std::optional<core::error> failure_;
};

} // namespace weir::io
