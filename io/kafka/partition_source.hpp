#pragma once

#include "io/kafka/handles.hpp"
#include "io/record_source.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::io {

/// A partition of a topic, by the queue that its client fills.
class partition_source final : public record_source {
public:
  /// @param queue of this partition alone @param headers that raw_block::headers has of each record
  partition_source(std::shared_ptr<rd_kafka_t> client, std::string topic, core::partition_id id,
                   kafka_ptr<rd_kafka_queue_t> queue, std::vector<std::string> headers = {});
  ~partition_source() override;
  partition_source(const partition_source&) = delete;
  partition_source& operator=(const partition_source&) = delete;

  core::raw_block_ptr read(const read_limits& limits) override;
  void on_ready(std::function<void()> wake_up) override;
  bool exhausted() const override { return false; }
  std::int64_t high_watermark() const override;
  std::int64_t end_reached() const override { return end_reached_; }
  std::optional<core::error> failure() const override { return failure_; }

private:
  void take(const rd_kafka_message_t& message, core::raw_block& into);
  void take_headers(const rd_kafka_message_t& message, core::raw_block& into) const;
  void reserve(core::raw_block& block, const read_limits& limits) const;
  static void on_queue_event(rd_kafka_t* client, void* opaque);

  std::shared_ptr<rd_kafka_t> client_; ///< lives as long as its queue
  std::string topic_;
  core::partition_id id_;
  kafka_ptr<rd_kafka_queue_t> queue_;
  std::vector<std::string> headers_;
  std::function<void()> wake_up_;
  std::int64_t end_reached_ = -1;
  std::optional<core::error> failure_;
  std::size_t bytes_per_record_ = 256;
  std::size_t next_chunk_ = chunk_;

  static constexpr std::size_t chunk_ = 512;
};

} // namespace weir::io
