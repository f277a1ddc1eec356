#include "io/file/append_file.hpp"

#include "io/record_lines.hpp"

#include <spdlog/spdlog.h>

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir::io {

core::result<std::shared_ptr<append_file>> append_file::open(const std::string& path, std::uint64_t length) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0)
    return core::fail("cannot write '" + path + "': " + std::strerror(errno));
  struct stat info {};
  ::fstat(fd, &info);
  const bool has_length = S_ISREG(info.st_mode);
  if (has_length) {
    if (length == at_end)
      length = static_cast<std::uint64_t>(info.st_size);
    if (static_cast<std::uint64_t>(info.st_size) < length) {
      ::close(fd);
      return core::fail("'" + path + "' is shorter than it was at the last commit", {},
                        "put the file back, or remove the pipeline's state to begin anew");
    }
    if (::ftruncate(fd, static_cast<off_t>(length)) != 0 || ::lseek(fd, 0, SEEK_END) < 0) {
      const std::string why = std::strerror(errno);
      ::close(fd);
      return core::fail("cannot write '" + path + "': " + why);
    }
  }
  return std::shared_ptr<append_file>{new append_file{path, fd, has_length, has_length ? length : 0}};
}

append_file::~append_file() {
  ::close(fd_);
}

bool append_file::append(const std::string& bytes) {
  const std::lock_guard lock{mutex_};
  if (failed_)
    return false;
  if (!write_all(fd_, bytes)) {
    failed_ = true;
    spdlog::error("cannot write '{}': {}", path_, std::strerror(errno));
    return false;
  }
  length_ += bytes.size();
  return true;
}

core::result<std::uint64_t> append_file::sync() {
  const std::lock_guard lock{mutex_};
  if (failed_)
    return core::fail("cannot write '" + path_ + "'");
  if (::fdatasync(fd_) != 0 && errno != EINVAL && errno != EROFS)
    return core::fail("cannot write '" + path_ + "': " + std::strerror(errno));
  return length_;
}

} // namespace weir::io
