#pragma once

#include "core/batch/record_block.hpp"
#include "io/sink.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

namespace weir::io {

class partition_feed;

/// One write on its way: keeps the bytes alive that librdkafka refers to, and counts what is still out. Deletes itself.
struct delivery {
  core::record_block_ptr block;
  delivered then;
  partition_feed* feed = nullptr;        ///< that counts its records
  std::vector<std::size_t> refused{};    ///< records of the block that are not sent, in order
  std::atomic<std::size_t> remaining{0}; ///< records, and one for whoever hands the block over
  std::atomic<bool> ok{true};

  /// `count` of what remains is through; the last one tells the writer.
  void settle(std::size_t count) {
    if (remaining.fetch_sub(count, std::memory_order_acq_rel) == count) {
      then(ok.load(std::memory_order_acquire));
      delete this;
    }
  }
};

/// Blocks on their way to one partition, in order: as much of them as one request takes is given to librdkafka, and
/// more when that is delivered.
///
/// An idempotent producer has one request in flight for a partition at a time, and while records wait behind it in
/// librdkafka (2.0 to 2.6 at least) its broker thread takes a whole core: linger.ms has passed for them, so it looks
/// for something to send without a pause (rd_kafka_msgq_allow_wakeup_at()). Here they wait for nothing.
class partition_feed {
public:
  /// What one request takes.
  struct request_limits {
    std::size_t records = 10'000;
    std::size_t bytes = 1'000'000; ///< of the batch, with what frames a record
  };

  /// Gives records [first, end) of a block to librdkafka, without its `refused`. @returns how many of them it took; it
  /// has settled the others
  using sender = std::function<std::size_t(delivery& from, std::size_t first, std::size_t end)>;

  partition_feed(request_limits limits, sender send) : limits_{limits}, send_{std::move(send)} {}

  /// Takes a block that has something to send.
  void push(delivery& block);

  /// A record that librdkafka took is delivered, or lost.
  void landed();

  /// What is not given to librdkafka yet is lost.
  void drop();

  bool is_waiting() const;

private:
  struct place {
    delivery* block;
    std::size_t next;
  };

  void hand_over();
  std::size_t request_end(const place& from, std::size_t& records, std::size_t& bytes) const;

  const request_limits limits_;
  const sender send_;
  mutable std::mutex mutex_;
  std::deque<place> waiting_;
  std::atomic<std::size_t> in_flight_{0};
};

} // namespace weir::io
