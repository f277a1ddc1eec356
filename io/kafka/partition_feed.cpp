#include "io/kafka/partition_feed.hpp"

#include <utility>

namespace weir::io {

namespace {

constexpr std::size_t record_framing = 64; // sizes, time and headers' count, at most
constexpr std::size_t batch_framing = 128;

} // namespace

void partition_feed::push(delivery& block) {
  block.feed = this;
  const std::lock_guard lock{mutex_};
  waiting_.push_back({&block, 0});
  if (in_flight_.load(std::memory_order_acquire) == 0)
    hand_over();
}

void partition_feed::landed() {
  if (in_flight_.fetch_sub(1, std::memory_order_acq_rel) != 1)
    return;
  const std::lock_guard lock{mutex_};
  if (in_flight_.load(std::memory_order_acquire) == 0)
    hand_over();
}

bool partition_feed::is_waiting() const {
  const std::lock_guard lock{mutex_};
  return !waiting_.empty();
}

void partition_feed::drop() {
  const std::lock_guard lock{mutex_};
  for (const auto& [block, next] : std::exchange(waiting_, {})) {
    block->ok.store(false, std::memory_order_release);
    std::size_t refused = 0;
    for (const auto index : block->refused)
      refused += index >= next ? 1 : 0;
    block->settle(block->block->size() - next - refused + 1);
  }
}

/// One request's worth; another one when librdkafka took nothing of it, or has lost it already.
void partition_feed::hand_over() {
  while (!waiting_.empty() && in_flight_.load(std::memory_order_acquire) == 0) {
    in_flight_.store(1, std::memory_order_release); // of our own: reports may come while this goes on
    std::size_t records = limits_.records;
    std::size_t bytes = limits_.bytes;
    while (!waiting_.empty()) {
      auto& from = waiting_.front();
      const auto end = request_end(from, records, bytes);
      if (end == from.next)
        break;
      // Each record is in flight before it can land.
      in_flight_.fetch_add(end - from.next, std::memory_order_acq_rel);
      const auto taken = send_(*from.block, from.next, end);
      in_flight_.fetch_sub(end - from.next - taken, std::memory_order_acq_rel);
      from.next = end;
      if (end != from.block->block->size())
        break;
      auto* done = from.block;
      waiting_.pop_front();
      done->settle(1);
    }
    in_flight_.fetch_sub(1, std::memory_order_acq_rel);
  }
}

/// Behind the records of a block that the request has room for: all of it, or at least one in an empty request.
std::size_t partition_feed::request_end(const place& from, std::size_t& records, std::size_t& bytes) const {
  const auto& entries = from.block->block->entries;
  auto end = from.next;
  for (; end < entries.size() && records > 0; ++end, --records) {
    const auto size = record_framing + entries[end].bytes();
    const bool is_first = bytes == limits_.bytes;
    if (!is_first && size + batch_framing > bytes)
      break;
    bytes -= size < bytes ? size : bytes;
  }
  return end;
}

} // namespace weir::io
