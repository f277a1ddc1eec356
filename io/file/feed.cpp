#include "io/file/feed.hpp"

#include "core/base/murmur2.hpp"
#include "core/base/wall_clock.hpp"

#include <algorithm>

namespace weir::io {

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
  std::int64_t end_reached() const override { return feed_->end_reached(index_); }

private:
  std::shared_ptr<file_feed> feed_;
  std::size_t index_;
};

core::result<std::shared_ptr<file_feed>> file_feed::open(const file_feed_options& options) {
  auto file = record_file::open(options.path, *options.format, options.key, options.rows, options.follow);
  if (!file)
    return tl::unexpected{file.error()};
  if (auto told = options.follow ? (*file)->tell_print(options.keep_print) : core::result<void>{}; !told)
    return tl::unexpected{told.error()};
  return std::shared_ptr<file_feed>{new file_feed{options, std::move(*file)}};
}

file_feed::~file_feed() {
  stop();
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

std::optional<core::error> file_feed::failure() const {
  const std::lock_guard lock{mutex_};
  return finished_ ? file_->failure() : std::nullopt; // until then it is the thread's
}

void file_feed::run() {
  read_all();
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

void file_feed::read_all() {
  const auto first_wanted = std::min_element(queues_.begin(), queues_.end(), [](const auto& a, const auto& b) {
                              return a.from < b.from;
                            })->from;
  std::uint64_t handed_out = 0;
  std::int64_t number = 0;
  const auto keep_waiting = [&] {
    flush_all(); // what is there must not wait for what comes
    const std::lock_guard lock{mutex_};
    caught_up_ = number;
    return !stopping_ && !is_time_over();
  };
  for (; !stopping_; ++number) {
    if (options_.limit > 0 && static_cast<std::uint64_t>(number) >= options_.limit)
      return;
    const auto record = file_->next(keep_waiting);
    if (!record)
      break;
    if (number < first_wanted)
      continue;
    if (!pace(handed_out++))
      return;
    add(*record, number);
  }
}

bool file_feed::is_time_over() const {
  return options_.duration.count() > 0 && std::chrono::steady_clock::now() - begun_ >= options_.duration;
}

// Waits until `record` is due; false: the time is over.
bool file_feed::pace(std::uint64_t record) {
  using namespace std::chrono;
  if ((record % 64 == 0 || options_.rate > 0) && is_time_over())
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
  room_.wait_until(lock, until, [this] { return stopping_.load(); });
  return !stopping_ && until == due;
}

void file_feed::add(const record_file::record& record, std::int64_t number) {
  const auto index = record.key ? static_cast<std::size_t>(core::partition_of(*record.key, options_.partitions))
                                : static_cast<std::size_t>(number) % queues_.size();
  auto& q = queues_[index];
  if (number < q.from)
    return;
  const auto size = record.text.size();
  if (!q.filling) {
    q.filling = std::make_shared<core::raw_block>();
    q.filling->partition = core::partition_id{static_cast<std::int32_t>(index)};
    q.begun_ms = core::now_ms();
    q.filling->text.reserve(std::min(options_.block.bytes, options_.block.records * (size + 16)) + size
                            + core::raw_block::padding);
  }
  const auto key = record.key.value_or(std::string_view{});
  q.filling->append(number, q.begun_ms, key.data(), key.size(), record.text.data(), size);
  if (record.is_cut)
    q.filling->flags.back() |= core::raw_block::cut;
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

/// While the file is waited for, nothing is left of what it has so far; what comes then has higher numbers.
std::int64_t file_feed::end_reached(std::size_t index) const {
  const std::lock_guard lock{mutex_};
  return queues_[index].ready.empty() ? caught_up_ : -1;
}

} // namespace weir::io
