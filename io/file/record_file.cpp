#include "io/file/record_file.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir::io {

namespace {

constexpr std::size_t read_size = 1u << 20;
constexpr std::size_t pipe_size = 1u << 16; ///< what a pipe holds
constexpr int wait_ms = 100;

} // namespace

core::result<std::unique_ptr<record_file>> record_file::open(const std::string& path, const core::format_kind& format,
                                                             const std::string& key, const core::row_reading& rows) {
  std::unique_ptr<record_file> file{new record_file{path, format, rows}};
  return file->open_it()
      .and_then([&] { return file->read_header(format.header); })
      .and_then([&] { return file->find_keys(format, key); })
      .map([&] { return std::move(file); });
}

record_file::~record_file() {
  if (fd_ > STDIN_FILENO)
    ::close(fd_);
}

core::result<void> record_file::open_it() {
  fd_ = path_ == "-" ? STDIN_FILENO : ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat info {};
  if (fd_ < 0 || ::fstat(fd_, &info) != 0 || S_ISDIR(info.st_mode))
    return core::cannot_reach("cannot read '" + path_ + "': " + std::strerror(fd_ < 0 ? errno : EISDIR), {},
                              "check the path");
  may_wait_ = !S_ISREG(info.st_mode);
  return {};
}

core::result<void> record_file::read_header(const core::header_kind* of) {
  if (of == nullptr || !reading_.names.empty()) {
    header_ = of != nullptr ? reading_.names : std::vector<std::string>{};
    return {};
  }
  const auto first = next_row([] { return true; });
  if (failure_)
    return tl::unexpected{*failure_};
  if (!first)
    return core::fail("'" + path_ + "' has no header row", {}, std::string{of->remedy});
  auto names = of->read(first->text, reading_.dialect);
  if (!names)
    return core::fail(names.error().what, path_ + ":" + std::to_string(first->line) + ", " + names.error().where,
                      names.error().remedy);
  header_ = std::move(*names);
  return {};
}

core::result<void> record_file::find_keys(const core::format_kind& format, const std::string& field) {
  if (field.empty())
    return {};
  auto made = format.make_key(header_, field, reading_.dialect);
  if (!made)
    return core::fail(made.error().what, path_, made.error().remedy);
  key_ = std::move(*made);
  return {};
}

std::optional<record_file::record> record_file::next(const keep_waiting& ask) {
  const auto row = next_row(ask);
  if (!row)
    return std::nullopt;
  return record{row->text, key_ && !row->is_cut ? key_->of(row->text) : std::nullopt, row->line, row->is_cut};
}

std::optional<core::record_rows::row> record_file::next_row(const keep_waiting& ask) {
  while (true) {
    if (const auto row = rows_.next(); row || is_ended_)
      return row;
    if (may_wait_ && !wait(ask))
      return std::nullopt;
    const auto room = rows_.room(may_wait_ ? pipe_size : read_size);
    const auto count = ::read(fd_, room.data(), room.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0) {
      failure_ = core::error{"cannot read '" + path_ + "': " + std::strerror(errno), {}, {}, true};
      return std::nullopt;
    }
    rows_.added(static_cast<std::size_t>(count));
    is_ended_ = count == 0;
    if (is_ended_)
      rows_.end();
  }
}

/// False: the reading is to end.
bool record_file::wait(const keep_waiting& ask) const {
  pollfd source{fd_, POLLIN, 0};
  if (::poll(&source, 1, 0) == 1)
    return true;
  while (ask()) {
    const auto ready = ::poll(&source, 1, wait_ms);
    if (ready == 1 || (ready < 0 && errno != EINTR))
      return true; // what is wrong is said by the read
  }
  return false;
}

} // namespace weir::io
