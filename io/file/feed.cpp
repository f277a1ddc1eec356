#include "io/file/feed.hpp"

#include "core/base/murmur2.hpp"
#include "core/format/csv_rows.hpp"

#include <simdjson.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir::io {

namespace {

constexpr std::size_t read_size = 1u << 20;
/// A row longer than this is taken for one whose quotes are never closed, and ends where the buffer ends.
constexpr std::size_t longest_row = 16u << 20;

std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace

class file_partition final : public record_source {
public:
  file_partition(std::shared_ptr<file_feed> feed, std::size_t index) : feed_{std::move(feed)}, index_{index} {}

  core::raw_block_ptr read(const read_limits&) override { return feed_->take(index_); }

  void on_ready(std::function<void()> wake_up) override {
    const std::lock_guard lock{feed_->mutex_};
    feed_->queues_[index_].wake_up = std::move(wake_up);
  }

  bool exhausted() const override { return feed_->exhausted(index_); }
  std::int64_t high_watermark() const override { return -1; }

private:
  std::shared_ptr<file_feed> feed_;
  std::size_t index_;
};

core::result<std::shared_ptr<file_feed>> file_feed::open(const file_feed_options& options) {
  std::shared_ptr<file_feed> feed{new file_feed{options}};
  if (auto opened = feed->open_file(); !opened)
    return tl::unexpected{opened.error()};
  return feed;
}

file_feed::~file_feed() {
  stop();
  if (fd_ > 0)
    ::close(fd_);
}

core::result<void> file_feed::open_file() {
  queues_.resize(static_cast<std::size_t>(options_.partitions));
  fd_ = options_.path == "-" ? STDIN_FILENO : ::open(options_.path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat info {};
  if (fd_ < 0 || ::fstat(fd_, &info) != 0 || S_ISDIR(info.st_mode))
    return core::fail("cannot read '" + options_.path + "': " + std::strerror(fd_ < 0 ? errno : EISDIR), {},
                      "check the path");
  size_ = S_ISREG(info.st_mode) ? static_cast<std::uint64_t>(info.st_size) : 0;
  if (options_.format != core::data_format::csv)
    return {};
  const auto first = next_row();
  if (!first)
    return core::fail("'" + options_.path + "' has no header row");
  auto header = core::parse_csv_header(*first);
  if (!header)
    return tl::unexpected{header.error()};
  header_ = std::move(*header);
  if (!options_.key.empty()) {
    const auto found = std::find(header_.begin(), header_.end(), options_.key);
    if (found == header_.end())
      return core::fail("'" + options_.path + "' has no column '" + options_.key + "'", {}, "check `key`");
    key_column_ = static_cast<std::size_t>(found - header_.begin());
  }
  return {};
}

record_source_ptr file_feed::partition(core::partition_id id) {
  return std::make_unique<file_partition>(shared_from_this(), static_cast<std::size_t>(value_of(id)));
}

void file_feed::start(const std::map<core::partition_id, core::offset>& from) {
  for (const auto& [partition, at] : from)
    queues_[static_cast<std::size_t>(value_of(partition))].from = value_of(at);
  begun_ = std::chrono::steady_clock::now();
  thread_ = std::thread{[this] { run(); }};
}

void file_feed::stop() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  room_.notify_all();
  if (thread_.joinable())
    thread_.join();
}

std::uint64_t file_feed::read_so_far() const {
  const std::lock_guard lock{mutex_};
  return read_;
}

std::pair<std::uint64_t, std::uint64_t> file_feed::progress() const {
  const std::lock_guard lock{mutex_};
  return {bytes_read_, size_};
}

void file_feed::run() {
  std::int64_t number = 0;
  std::uint64_t handed_out = 0;
  const auto first_wanted = [this] {
    auto least = queues_.front().from;
    for (const auto& q : queues_)
      least = std::min(least, q.from);
    return least;
  }();
  while (const auto row = next_row()) {
    if (row->empty())
      continue;
    if (options_.limit > 0 && static_cast<std::uint64_t>(number) >= options_.limit)
      break;
    if (number >= first_wanted) {
      if (!pace(handed_out++))
        break;
      add(*row, number);
    }
    ++number;
    if (stopping_)
      break;
  }
  flush_all();
  std::vector<std::function<void()>> wake_ups;
  {
    const std::lock_guard lock{mutex_};
    finished_ = true;
    for (const auto& q : queues_)
      if (q.wake_up)
        wake_ups.push_back(q.wake_up);
  }
  for (const auto& wake_up : wake_ups)
    wake_up();
}

// Waits until `record` is due; false: the time is over.
bool file_feed::pace(std::uint64_t record) {
  using namespace std::chrono;
  if (options_.duration.count() > 0 && (record % 64 == 0 || options_.rate > 0)
      && steady_clock::now() - begun_ >= options_.duration)
    return false;
  if (options_.rate <= 0)
    return true;
  const auto due =
      begun_ + duration_cast<steady_clock::duration>(duration<double>(static_cast<double>(record) / options_.rate));
  if (due <= steady_clock::now())
    return true;
  flush_all();
  std::unique_lock lock{mutex_};
  const auto until = options_.duration.count() > 0 ? std::min(due, begun_ + options_.duration) : due;
  room_.wait_until(lock, until, [this] { return stopping_; });
  return !stopping_ && until == due;
}

bool file_feed::refill() {
  if (end_of_file_)
    return false;
  buffer_.erase(0, at_);
  at_ = 0;
  const auto kept = buffer_.size();
  buffer_.resize(kept + read_size);
  ssize_t count = 0;
  do
    count = ::read(fd_, buffer_.data() + kept, read_size);
  while (count < 0 && errno == EINTR);
  if (count < 0)
    spdlog::error("cannot read '{}': {}", options_.path, std::strerror(errno));
  buffer_.resize(kept + static_cast<std::size_t>(std::max<ssize_t>(0, count)));
  end_of_file_ = count <= 0;
  const std::lock_guard lock{mutex_};
  bytes_read_ += static_cast<std::uint64_t>(std::max<ssize_t>(0, count));
  return !end_of_file_;
}

std::optional<std::string_view> file_feed::next_row() {
  while (true) {
    const std::string_view rest{buffer_.data() + at_, buffer_.size() - at_};
    std::size_t size = rest.size();
    std::size_t next = rest.size();
    bool found = false;
    if (options_.format == core::data_format::csv) {
      if (const auto row = core::find_csv_row(rest)) {
        size = row->size;
        next = row->next;
        found = true;
      }
    } else if (const auto end = rest.find('\n'); end != std::string_view::npos) {
      size = end > 0 && rest[end - 1] == '\r' ? end - 1 : end;
      next = end + 1;
      found = true;
    }
    if (!found && rest.size() < longest_row && refill())
      continue;
    if (!found && rest.empty())
      return std::nullopt;
    // refill() moves the buffer, so the row is taken from where it is now.
    const std::string_view row{buffer_.data() + at_, found ? size : buffer_.size() - at_};
    at_ += found ? next : row.size();
    return row;
  }
}

void file_feed::add(std::string_view row, std::int64_t number) {
  std::string_view key;
  std::size_t index = static_cast<std::size_t>(number) % queues_.size();
  if (!options_.key.empty()) {
    key = key_of(row);
    index = static_cast<std::size_t>(core::partition_of(key, options_.partitions));
  }
  auto& q = queues_[index];
  if (number < q.from)
    return;
  if (!q.filling) {
    q.filling = std::make_shared<core::raw_block>();
    q.filling->partition = core::partition_id{static_cast<std::int32_t>(index)};
    q.filling->text.reserve(std::min(options_.block.bytes, options_.block.records * (row.size() + 16)) + row.size()
                            + core::raw_block::padding);
  }
  q.filling->append(number, now_ms(), key.data(), key.size(), row.data(), row.size());
  if (q.filling->size() >= options_.block.records || q.filling->text.size() >= options_.block.bytes)
    flush(index);
}

void file_feed::flush(std::size_t index) {
  std::function<void()> wake_up;
  {
    std::unique_lock lock{mutex_};
    auto& q = queues_[index];
    if (!q.filling)
      return;
    room_.wait(lock, [&] { return stopping_ || q.bytes == 0 || q.bytes < options_.queue_bytes; });
    q.filling->seal();
    q.bytes += q.filling->footprint();
    read_ += q.filling->size();
    const bool was_empty = q.ready.empty();
    q.ready.push_back(std::exchange(q.filling, nullptr));
    if (was_empty)
      wake_up = q.wake_up;
  }
  if (wake_up)
    wake_up();
}

void file_feed::flush_all() {
  for (std::size_t i = 0; i < queues_.size(); ++i)
    flush(i);
}

core::raw_block_ptr file_feed::take(std::size_t index) {
  core::raw_block_ptr block;
  {
    const std::lock_guard lock{mutex_};
    auto& q = queues_[index];
    if (q.ready.empty())
      return nullptr;
    block = std::move(q.ready.front());
    q.ready.pop_front();
    q.bytes -= block->footprint();
  }
  room_.notify_all();
  return block;
}

bool file_feed::exhausted(std::size_t index) const {
  const std::lock_guard lock{mutex_};
  return finished_ && queues_[index].ready.empty();
}

// A record without the field, or that is not well-formed, has an empty key: its place among the others does not matter,
// and the decoder says what is wrong with it.
std::string_view file_feed::key_of(std::string_view row) {
  if (options_.format == core::data_format::csv) {
    core::csv_fields fields;
    if (!fields.read(row) || key_column_ >= fields.size())
      return {"", 0};
    key_scratch_.assign(fields[key_column_].text);
    return key_scratch_;
  }
  static thread_local simdjson::ondemand::parser parser;
  static thread_local std::string padded;
  padded.assign(row);
  padded.reserve(row.size() + simdjson::SIMDJSON_PADDING);
  simdjson::ondemand::document document;
  simdjson::ondemand::value value;
  key_scratch_.clear();
  if (parser.iterate(padded.data(), row.size(), padded.capacity()).get(document) != simdjson::SUCCESS
      || document.find_field_unordered(options_.key).get(value) != simdjson::SUCCESS)
    return key_scratch_;
  std::string_view text;
  if (value.type() == simdjson::ondemand::json_type::string) {
    if (value.get_string().get(text) == simdjson::SUCCESS)
      key_scratch_.assign(text);
  } else {
    key_scratch_.assign(std::string_view{value.raw_json_token()});
    while (!key_scratch_.empty() && (key_scratch_.back() == ' ' || key_scratch_.back() == '\t'))
      key_scratch_.pop_back();
  }
  return key_scratch_;
}

} // namespace weir::io
