#pragma once

#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir::io {

/// An open file, or nothing.
class file_handle {
public:
  file_handle() = default;
  /// @param flags of open(2)
  file_handle(const std::string& path, int flags) : fd_{::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0644)} {}
  ~file_handle() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  file_handle(file_handle&& other) noexcept : fd_{other.release()} {}
  file_handle& operator=(file_handle&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  int get() const noexcept { return fd_; }
  int release() noexcept { return std::exchange(fd_, -1); }

  /// False: another process has the lock, or the file system knows none. It goes with the handle, however the process
  /// ends. @param how of flock(2)
  bool lock(int how) const noexcept { return fd_ >= 0 && ::flock(fd_, how) == 0; }

  /// Whether `path` is this file, and not another one of its name.
  bool is_at(const std::string& path) const noexcept {
    struct stat own {};
    struct stat there {};
    return ::fstat(fd_, &own) == 0 && ::stat(path.c_str(), &there) == 0 && own.st_ino == there.st_ino
           && own.st_dev == there.st_dev;
  }

private:
  int fd_ = -1;
};

} // namespace weir::io
