#include "models/registry/durable_files.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <random>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir::models {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view unfinished = ".unfinished-";

class open_file {
public:
  open_file(const std::string& path, int flags, unsigned mode = 0) :
      fd_{::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, mode)} {}
  ~open_file() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  open_file(const open_file&) = delete;
  open_file& operator=(const open_file&) = delete;

  int get() const noexcept { return fd_; }

private:
  int fd_;
};

tl::unexpected<core::error> cannot(const char* what, const std::string& path) {
  return core::cannot_reach(std::string{"cannot "} + what + " '" + path + "': " + std::strerror(errno));
}

void say(const step_hook& hook, std::string_view step) {
  if (hook)
    hook(step);
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

core::result<void> sync_folder(const std::string& path) {
  const open_file folder{path.empty() ? "." : path, O_RDONLY | O_DIRECTORY};
  if (folder.get() < 0 || (::fsync(folder.get()) != 0 && errno != EINVAL)) // not every file system syncs folders
    return cannot("write", path);
  return {};
}

/// A file on disk, under a name that says that nobody reads it yet.
core::result<std::string> write_unfinished(const std::string& folder, std::string_view bytes, unsigned mode,
                                           const step_hook& hook) {
  std::random_device random;
  const auto path =
      folder + "/" + std::string{unfinished} + std::to_string(::getpid()) + "-" + std::to_string(random());
  say(hook, "write");
  {
    const open_file file{path, O_WRONLY | O_CREAT | O_EXCL, mode};
    if (file.get() < 0)
      return cannot("write", path);
    if (write_all(file.get(), bytes.substr(0, bytes.size() / 2))) {
      say(hook, "write the rest");
      if (write_all(file.get(), bytes.substr(bytes.size() / 2)) && ::fsync(file.get()) == 0)
        return path;
    }
  }
  const auto why = cannot("write", path);
  ::unlink(path.c_str());
  return why;
}

/// rename(2) that replaces nothing. @returns errno; 0: done
int rename_to_free(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0)
    return 0;
  if (errno != EINVAL && errno != ENOSYS)
    return errno;
  // NFS knows no such rename, but links.
  if (::link(from.c_str(), to.c_str()) != 0)
    return errno;
  ::unlink(from.c_str());
  return 0;
}

} // namespace

core::result<folder_lock> folder_lock::take(const std::string& folder) {
  using namespace std::chrono_literals;
  constexpr auto patience = 30s;
  const auto path = folder + "/.lock";
  const auto fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (fd < 0)
    return cannot("write", path);
  folder_lock made{fd};
  const auto start = std::chrono::steady_clock::now();
  while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR)
      return cannot("lock", path);
    if (std::chrono::steady_clock::now() - start > patience)
      return core::cannot_reach("another process has been changing '" + folder + "' for half a minute", {},
                                "try again when it has ended");
    std::this_thread::sleep_for(5ms);
  }
  return made;
}

folder_lock::~folder_lock() {
  if (fd_ >= 0)
    ::close(fd_);
}

core::result<std::optional<std::string>> read_if_there(const std::string& path) {
  const open_file file{path, O_RDONLY | O_NONBLOCK}; // a pipe must not block
  if (file.get() < 0 && errno == ENOENT)
    return std::optional<std::string>{};
  if (file.get() < 0)
    return cannot("read", path);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0)
    return cannot("read", path);
  if (!S_ISREG(status.st_mode))
    return core::fail("'" + path + "' is no regular file");
  std::string bytes;
  std::array<char, 1u << 16> block;
  for (;;) {
    const auto count = ::read(file.get(), block.data(), block.size());
    if (count == 0)
      return bytes;
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return cannot("read", path);
    bytes.append(block.data(), static_cast<std::size_t>(count));
  }
}

core::result<bool> create_file(const std::string& folder, const std::string& name, std::string_view bytes,
                               const step_hook& hook) {
  const auto written = write_unfinished(folder, bytes, 0444, hook);
  if (!written)
    return tl::unexpected{written.error()};
  say(hook, "name");
  const auto problem = rename_to_free(*written, folder + "/" + name);
  if (problem != 0) {
    ::unlink(written->c_str());
    if (problem == EEXIST)
      return false;
    errno = problem;
    return cannot("write", folder + "/" + name);
  }
  say(hook, "sync the folder");
  return sync_folder(folder).map([] { return true; });
}

core::result<void> replace_file(const std::string& folder, const std::string& name, std::string_view bytes,
                                const step_hook& hook) {
  const auto written = write_unfinished(folder, bytes, 0666, hook);
  if (!written)
    return tl::unexpected{written.error()};
  say(hook, "rename");
  if (::rename(written->c_str(), (folder + "/" + name).c_str()) != 0) {
    const auto why = cannot("write", folder + "/" + name);
    ::unlink(written->c_str());
    return why;
  }
  say(hook, "sync the folder");
  return sync_folder(folder);
}

core::result<void> append_at(const std::string& path, std::size_t at, std::string_view bytes, const step_hook& hook) {
  say(hook, "append");
  const open_file file{path, O_WRONLY | O_CREAT, 0666};
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0)
    return cannot("write", path);
  const auto end = static_cast<off_t>(at);
  if ((status.st_size != end && ::ftruncate(file.get(), end) != 0) || ::lseek(file.get(), end, SEEK_SET) < 0)
    return cannot("write", path);
  if (!write_all(file.get(), bytes) || ::fsync(file.get()) != 0) {
    const auto why = cannot("write", path);
    static_cast<void>(::ftruncate(file.get(), end)); // else what is left of it is passed over as a half line
    return why;
  }
  return at == 0 ? sync_folder(fs::path{path}.parent_path().string()) : core::result<void>{};
}

core::result<std::vector<std::string>> names_in(const std::string& folder) {
  std::vector<std::string> made;
  std::error_code problem;
  for (fs::directory_iterator at{folder, problem}, end; !problem && at != end; at.increment(problem))
    made.push_back(at->path().filename().string());
  if (problem)
    return core::cannot_reach("cannot read '" + folder + "': " + problem.message());
  return made;
}

void remove_unfinished(const std::string& folder) {
  for (const auto& name : names_in(folder).value_or(std::vector<std::string>{}))
    if (name.starts_with(unfinished))
      ::unlink((folder + "/" + name).c_str());
}

core::result<void> create_folders(const std::string& path) {
  const auto whole = fs::absolute(path).lexically_normal();
  fs::path made;
  for (const auto& part : whole) {
    const auto above = made;
    made /= part;
    if (part.empty() || ::mkdir(made.c_str(), 0777) != 0)
      continue; // it is there, or the last one says what is wrong
    if (auto good = sync_folder(above.string()); !good)
      return good;
  }
  std::error_code problem;
  if (fs::is_directory(whole, problem))
    return {};
  errno = problem ? problem.value() : ENOTDIR;
  return cannot("make the folder", path);
}

} // namespace weir::models
