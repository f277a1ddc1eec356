#include "io/file/record_file.hpp"

#include "core/base/fingerprint.hpp"

#include <algorithm>
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
constexpr std::size_t tail_size = 64;       ///< by which a file that is followed is known again
constexpr std::size_t head_size = 1u << 16; ///< likewise, at the next start

} // namespace

core::result<std::unique_ptr<record_file>> record_file::open(const std::string& path, const core::format_kind& format,
                                                             const std::string& key, const core::row_reading& rows,
                                                             bool follow) {
  std::unique_ptr<record_file> file{new record_file{path, format, rows, follow}};
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
  const auto first = next_row([this] { return !follow_ || may_wait_; });
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
    if (!take_more(ask))
      return std::nullopt;
  }
}

/// False: nothing comes any more, or failure_ says why.
bool record_file::take_more(const keep_waiting& ask) {
  if (!is_begun_)
    return take_beginning(ask);
  if (unpacker_)
    return take_packed(ask);
  const auto count = read(rows_.room(may_wait_ ? pipe_size : read_size), ask);
  if (!count)
    return false;
  rows_.added(*count);
  if (*count == 0)
    end();
  return true;
}

bool record_file::take_beginning(const keep_waiting& ask) {
  const auto had = packed_.size();
  packed_.resize(had + (may_wait_ ? pipe_size : read_size));
  const auto count = read(std::span{packed_}.subspan(had), ask);
  packed_.resize(had + count.value_or(0));
  if (!count)
    return false;
  if (*count > 0 && may_be_packed(packed_))
    return true;
  is_begun_ = true;
  unpacker_ = unpacker_for(packed_);
  if (unpacker_ && follow_)
    return fail("it is packed by " + std::string{unpacker_->name()} + ", and cannot be followed", false);
  if (unpacker_)
    return true;
  std::ranges::copy(packed_, rows_.room(packed_.size()).begin());
  rows_.added(packed_.size());
  packed_ = {};
  if (*count == 0)
    end();
  return true;
}

bool record_file::take_packed(const keep_waiting& ask) {
  const auto done = unpacker_->unpack(std::span{packed_}.subspan(unpacked_), rows_.room(read_size));
  if (!done)
    return fail(done.error().what);
  rows_.added(done->made);
  unpacked_ += done->taken;
  if (done->taken > 0 || done->made > 0)
    return true;
  packed_.resize(may_wait_ ? pipe_size : read_size);
  unpacked_ = packed_.size();
  const auto count = read(std::span{packed_}, ask);
  if (!count)
    return false;
  packed_.resize(*count);
  unpacked_ = 0;
  if (*count == 0 && !unpacker_->is_whole())
    return fail("it ends in the middle of what " + std::string{unpacker_->name()} + " has packed");
  if (*count == 0)
    end();
  return true;
}

/// How much was read; 0 at the end, nothing where the reading is over or has failed.
std::optional<std::size_t> record_file::read(std::span<char> room, const keep_waiting& ask) {
  while (true) {
    if (may_wait_ && !wait(ask))
      return std::nullopt;
    const auto count = ::read(fd_, room.data(), room.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0) {
      fail(std::strerror(errno));
      return std::nullopt;
    }
    const auto size = static_cast<std::size_t>(count);
    if (!follow_ || may_wait_)
      return size;
    if (size > 0) {
      size_read_ += size;
      last_read_.append(room.data(), size);
      last_read_.erase(0, last_read_.size() - std::min(last_read_.size(), tail_size));
      const auto unknown = head_size - first_read_.size();
      first_read_.append(room.data(), std::min(size, unknown));
      if (const auto told = unknown > 0 ? tell() : core::result<void>{}; !told) {
        failure_ = told.error();
        return std::nullopt;
      }
      return size;
    }
    if (!wait_for_growth(ask))
      return std::nullopt;
  }
}

core::result<void> record_file::tell_print(std::function<core::result<void>(const file_print&)> keep) {
  keep_print_ = std::move(keep);
  return tell();
}

core::result<void> record_file::tell() const {
  if (!keep_print_ || first_read_.empty())
    return {};
  return keep_print_({size_read_, first_read_.size(), core::fingerprint(first_read_)});
}

bool record_file::fail(const std::string& what, bool is_unreachable) {
  failure_ = core::error{"cannot read '" + path_ + "': " + what, {}, {}, is_unreachable};
  return false;
}

void record_file::end() {
  is_ended_ = true;
  rows_.end();
}

/// False: the reading is to end, or failure_ says why the file is not the one any more that was followed.
bool record_file::wait_for_growth(const keep_waiting& ask) {
  while (ask()) {
    struct stat open {};
    struct stat there {};
    if (::fstat(fd_, &open) != 0)
      return fail(std::strerror(errno));
    const auto size = static_cast<std::uint64_t>(open.st_size);
    if (size < size_read_)
      return is_told()
             && fail("it was cut short while it was followed: it has " + std::to_string(size) + " bytes by now, and "
                     + std::to_string(size_read_) + " were read");
    if (!has_kept_its_end())
      return is_told() && fail("it was written anew while it was followed");
    if (size > size_read_)
      return true;
    if (::stat(path_.c_str(), &there) != 0)
      return is_told() && fail("it was removed while it was followed");
    if (there.st_ino != open.st_ino || there.st_dev != open.st_dev)
      return is_told() && fail("another file has taken its place while it was followed");
    ::poll(nullptr, 0, wait_ms);
  }
  return false;
}

/// False: all that was read could not be told, which is the failure then.
bool record_file::is_told() {
  const auto told = tell();
  if (!told)
    failure_ = told.error();
  return told.has_value();
}

/// Whether the last bytes that were read still stand there.
bool record_file::has_kept_its_end() const {
  std::string now(last_read_.size(), '\0');
  const auto at = static_cast<off_t>(size_read_ - last_read_.size());
  return ::pread(fd_, now.data(), now.size(), at) == static_cast<ssize_t>(now.size()) && now == last_read_;
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
