#pragma once

#include "core/base/result.hpp"
#include "core/format/csv_dialect.hpp"
#include "core/format/formats.hpp"
#include "io/feed.hpp"
#include "io/file/record_file.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace weir::io {

struct file_feed_options {
  std::string path; ///< `-`: standard input
  const core::format_kind* format = &core::json_format;
  core::row_reading rows{}; ///< where the format has a header
  int partitions = 1;
  std::string key; ///< field whose value keys a record and chooses its partition; empty: none, in turn
  double rate = 0; ///< records a second; 0: full speed
  std::chrono::milliseconds duration{0}; ///< 0: to the end
  std::uint64_t limit = 0;               ///< records; 0: to the end
  read_limits block;                     ///< largest block
  std::size_t queue_bytes = 4u << 20;    ///< what may wait for each partition
  bool follow = false;                   ///< a regular file has no end: it is read on as it grows
  std::function<core::result<void>(const file_print&)> keep_print{}; ///< as record_file::tell_print()
};

/// Replays a file as partitions: a thread reads its records and spreads them by key as Kafka's default partitioner
/// would, those without a key in turn. The offset of a record is its number in the file, from 0, so that a partition's
/// offsets have gaps; its timestamp is the time at which it was read, or the
/// first of its block was: a block is handed on before anything is waited for.
class file_feed final : public feed, public std::enable_shared_from_this<file_feed> {
public:
  static core::result<std::shared_ptr<file_feed>> open(const file_feed_options& options);
  ~file_feed() override;
  file_feed(const file_feed&) = delete;
  file_feed& operator=(const file_feed&) = delete;

  const std::vector<std::string>& header() const noexcept override { return file_->header(); }
  record_source_ptr partition(core::partition_id id) override;
  void start(const std::map<core::partition_id, core::offset>& from) override;
  void stop() override;
  std::optional<core::error> failure() const override;

private:
  friend class file_partition;
  struct queue {
    std::deque<core::raw_block_ptr> ready;
    std::shared_ptr<core::raw_block> filling;
    std::int64_t begun_ms = 0; ///< when `filling` was begun
    std::size_t bytes = 0;
    std::int64_t from = 0;
    std::function<void()> wake_up;
  };

  file_feed(file_feed_options options, std::unique_ptr<record_file> file) :
      options_{std::move(options)}, file_{std::move(file)}, queues_(static_cast<std::size_t>(options_.partitions)) {}
  void run();
  void read_all();
  bool is_time_over() const;
  bool pace(std::uint64_t record);
  void add(const record_file::record& record, std::int64_t number);
  void flush(std::size_t index);
  void flush_all();
  core::raw_block_ptr take(std::size_t index);
  bool exhausted(std::size_t index) const;
  std::int64_t end_reached(std::size_t index) const;

  file_feed_options options_;
  std::unique_ptr<record_file> file_;
  std::chrono::steady_clock::time_point begun_;

  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::vector<queue> queues_;
  std::atomic<bool> stopping_ = false;
  bool finished_ = false;
  std::int64_t caught_up_ = -1; ///< the record that is waited for: all in front of it are in the queues, or were
  std::thread thread_;
};

} // namespace weir::io
