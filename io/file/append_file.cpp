#include "io/file/append_file.hpp"

#include "io/record_lines.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir::io {

namespace {

// A process that was killed, or a disk that was full, leaves half a line, of a record that is written again.
std::uint64_t whole_lines_of(const std::string& path, std::uint64_t size) {
  constexpr std::uint64_t step = 1u << 16;
  std::ifstream in{path, std::ios::binary};
  std::string bytes;
  for (auto end = size; end > 0;) {
    const auto begin = end - std::min(step, end);
    bytes.resize(end - begin);
    if (!in.seekg(static_cast<std::streamoff>(begin)).read(bytes.data(), static_cast<std::streamsize>(bytes.size())))
      return size; // it cannot be read: it is only written to
    if (const auto at = bytes.rfind('\n'); at != std::string::npos) {
      const auto whole = begin + at + 1;
      if (whole < size)
        spdlog::warn("'{}' ended in half a line: {} bytes are cut off", path, size - whole);
      return whole;
    }
    end = begin;
  }
  return size; // there is no line in it, so it was hardly Weir that wrote it
}

} // namespace

core::result<std::shared_ptr<append_file>> append_file::open(const std::string& path, std::uint64_t length) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0)
    return core::fail("cannot write '" + path + "': " + std::strerror(errno));
  struct stat info {};
  ::fstat(fd, &info);
  const bool has_length = S_ISREG(info.st_mode);
  if (has_length) {
    if (length == at_end)
      length = whole_lines_of(path, static_cast<std::uint64_t>(info.st_size));
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

std::shared_ptr<append_file> append_file::standard_output() {
  return std::shared_ptr<append_file>{new append_file{"/dev/stdout", ::dup(STDOUT_FILENO), false, 0}};
}

append_file::~append_file() {
  ::close(fd_);
}

bool append_file::append(const std::string& bytes) {
  const std::lock_guard lock{mutex_};
  if (failure_)
    return false;
  if (!write_all(fd_, bytes)) {
    failure_ = core::fail("cannot write '" + path_ + "': " + std::strerror(errno)).value();
    if (has_length_ && (::ftruncate(fd_, static_cast<off_t>(length_)) != 0))
      spdlog::error("'{}' ends in half a line that cannot be cut off: {}", path_, std::strerror(errno));
    return false;
  }
  length_ += bytes.size();
  return true;
}

core::result<std::uint64_t> append_file::sync() {
  const std::lock_guard lock{mutex_};
  if (!failure_ && ::fdatasync(fd_) != 0 && errno != EINVAL && errno != EROFS)
    failure_ = core::fail("cannot write '" + path_ + "': " + std::strerror(errno)).value();
  if (failure_)
    return tl::unexpected{*failure_};
  return length_;
}

std::optional<core::error> append_file::failure() const {
  const std::lock_guard lock{mutex_};
  return failure_;
}

} // namespace weir::io
