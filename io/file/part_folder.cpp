#include "io/file/part_folder.hpp"

#include "core/base/wall_clock.hpp"
#include "io/file/part_name.hpp"
#include "io/record_lines.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

namespace weir::io {

core::result<std::shared_ptr<part_folder>> part_folder::open(part_folder_options options) {
  std::error_code problem;
  std::filesystem::create_directories(options.path, problem);
  if (problem || !std::filesystem::is_directory(options.path, problem))
    return core::fail("cannot write to the folder '" + options.path
                      + "': " + (problem ? problem.message() : std::strerror(ENOTDIR)));
  return std::shared_ptr<part_folder>{new part_folder{std::move(options)}};
}

part_folder::part_folder(part_folder_options options) :
    options_{std::move(options)}, extension_{std::filesystem::path{options_.path}.extension().string()} {}

// What is not committed stays for the recovery: whether it is, may not be known yet.
part_folder::~part_folder() {
  if (current_)
    ::close(current_->fd);
}

void part_folder::begin() {
  const std::lock_guard lock{mutex_};
  is_begun_ = true;
}

bool part_folder::append(std::string_view lines) {
  const std::lock_guard lock{mutex_};
  if (failure_ || !is_begun_)
    return false;
  if (lines.empty())
    return true;
  if (auto appended = append_to_current(lines); !appended) {
    failure_ = appended.error();
    return false;
  }
  return true;
}

core::result<void> part_folder::append_to_current(std::string_view lines) {
  if (!current_) {
    auto started = start();
    if (!started)
      return tl::unexpected{started.error()};
    current_ = std::move(*started);
    if (!options_.header.empty())
      if (auto written = write(*current_, options_.header + "\n"); !written)
        return written;
  }
  if (auto written = write(*current_, lines); !written)
    return written;
  return current_->size >= options_.bytes ? close_current() : core::result<void>{};
}

core::result<std::vector<std::string>> part_folder::seal(core::partition_id partition) {
  const std::lock_guard lock{mutex_};
  is_begun_ = false;
  if (!failure_)
    if (auto sealed = seal_all(partition); !sealed)
      failure_ = sealed.error();
  if (failure_)
    return tl::unexpected{*failure_};
  std::vector<std::string> paths;
  for (const auto* parts : {&committed_, &sealed_})
    for (const auto& part : *parts)
      paths.push_back(path_of(part.name));
  return paths;
}

core::result<void> part_folder::seal_all(core::partition_id partition) {
  if (current_)
    if (auto closed = close_current(); !closed)
      return closed;
  if (closed_.empty())
    return {};
  while (!closed_.empty()) {
    const auto& name = closed_.back();
    if (auto renamed = rename(open_part_name(name), sealed_part_name(name, partition)); !renamed)
      return renamed;
    sealed_.push_back({name, partition});
    closed_.pop_back();
  }
  return sync();
}

core::result<void> part_folder::publish() {
  const std::lock_guard lock{mutex_};
  committed_.insert(committed_.end(), sealed_.begin(), sealed_.end());
  sealed_.clear();
  if (committed_.empty())
    return {};
  std::optional<core::error> problem;
  std::erase_if(committed_, [&](const sealed_part& part) {
    auto shown = rename(sealed_part_name(part.name, part.partition), part.name);
    // Another node that restores the state may have done it.
    const bool is_shown = shown || ::access(path_of(part.name).c_str(), F_OK) == 0;
    if (!is_shown)
      problem = shown.error();
    return is_shown;
  });
  if (problem)
    return tl::unexpected{*problem};
  return sync();
}

void part_folder::discard() {
  const std::lock_guard lock{mutex_};
  is_begun_ = false;
  if (current_) {
    ::close(current_->fd);
    closed_.push_back(current_->name);
    current_.reset();
  }
  for (const auto& name : closed_)
    ::unlink(path_of(open_part_name(name)).c_str());
  for (const auto& part : sealed_)
    ::unlink(path_of(sealed_part_name(part.name, part.partition)).c_str());
  closed_.clear();
  sealed_.clear();
}

bool part_folder::append_now(std::string_view lines) {
  const std::lock_guard lock{mutex_};
  const auto write_it = [&]() -> core::result<void> {
    auto part = start();
    if (!part)
      return tl::unexpected{part.error()};
    auto done = write(*part, lines);
    const auto closed = close(*part);
    if (done)
      done = closed;
    if (done)
      done = rename(open_part_name(part->name), part->name);
    if (!done)
      ::unlink(path_of(open_part_name(part->name)).c_str());
    return done ? sync() : done;
  };
  return write_it().has_value();
}

std::optional<core::error> part_folder::failure() const {
  const std::lock_guard lock{mutex_};
  return failure_;
}

// The time is only a name: where the clock was set back, or two parts begin at once, the next one that is free is
// taken.
core::result<part_folder::file> part_folder::start() {
  newest_ = std::max(newest_ + 1, core::now_ms());
  for (;; ++newest_) {
    file next;
    next.name = part_name(options_.owner, newest_, extension_);
    if (::access(path_of(next.name).c_str(), F_OK) == 0)
      continue;
    next.fd = ::open(path_of(open_part_name(next.name)).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (next.fd >= 0)
      return next;
    if (errno != EEXIST)
      return tl::unexpected{cannot_write(open_part_name(next.name))};
  }
}

core::result<void> part_folder::write(file& to, std::string_view bytes) const {
  if (!write_all(to.fd, bytes))
    return tl::unexpected{cannot_write(open_part_name(to.name))};
  to.size += bytes.size();
  return {};
}

core::result<void> part_folder::close(file& of) const {
  const bool is_on_disk = ::fsync(of.fd) == 0;
  auto problem = cannot_write(open_part_name(of.name));
  ::close(std::exchange(of.fd, -1));
  if (!is_on_disk)
    return tl::unexpected{std::move(problem)};
  return {};
}

core::result<void> part_folder::close_current() {
  auto part = std::move(*current_);
  current_.reset();
  closed_.push_back(part.name);
  return close(part);
}

core::result<void> part_folder::rename(const std::string& from, const std::string& to) const {
  if (::rename(path_of(from).c_str(), path_of(to).c_str()) != 0)
    return tl::unexpected{cannot_write(to)};
  return {};
}

core::result<void> part_folder::sync() const {
  const int fd = ::open(options_.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool is_on_disk = fd >= 0 && (::fsync(fd) == 0 || errno == EINVAL); // not every file system syncs folders
  auto problem = core::fail("cannot write to the folder '" + options_.path + "': " + std::strerror(errno));
  if (fd >= 0)
    ::close(fd);
  if (!is_on_disk)
    return problem;
  return {};
}

core::error part_folder::cannot_write(const std::string& name) const {
  return core::fail("cannot write '" + path_of(name) + "': " + std::strerror(errno)).value();
}

} // namespace weir::io
