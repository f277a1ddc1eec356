#pragma once

#include "core/base/result.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::models {

// Files that other processes read while they are written, and that a crash, of the machine too, leaves whole. Symbolic
// links are never followed.

/// Is called before each step of a change; tests end the process there. Empty: nothing is called.
using step_hook = std::function<void(std::string_view step)>;

/// That this process alone changes a folder, by flock(2) on its file `.lock`: it goes with this, or however the process
/// ends.
class folder_lock {
public:
  /// Waits up to half a minute for whoever has it. An error too where the file system knows no locks.
  static core::result<folder_lock> take(const std::string& folder);
  ~folder_lock();
  folder_lock(folder_lock&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  folder_lock& operator=(folder_lock&&) = delete;

private:
  explicit folder_lock(int fd) noexcept : fd_{fd} {}

  int fd_;
};

/// All bytes of a regular file; nothing where there is none of the name.
core::result<std::optional<std::string>> read_if_there(const std::string& path);

/// Makes a file whose name is free; whoever sees it sees all of it. @returns false: the name is not free
core::result<bool> create_file(const std::string& folder, const std::string& name, std::string_view bytes,
                               const step_hook& hook);

/// Puts a file in place of the one of its name: others see the one or the other.
core::result<void> replace_file(const std::string& folder, const std::string& name, std::string_view bytes,
                                const step_hook& hook);

/// Writes behind the first `at` bytes of a file, which it cuts there; it is made where there is none.
core::result<void> append_at(const std::string& path, std::size_t at, std::string_view bytes, const step_hook& hook);

/// What stands in a folder, in no order.
core::result<std::vector<std::string>> names_in(const std::string& folder);

/// Removes what a process has left that ended while it wrote here. @pre the lock of the folder is held
void remove_unfinished(const std::string& folder);

/// Makes a folder and those above it. They are on disk then.
core::result<void> create_folders(const std::string& path);

} // namespace weir::models
