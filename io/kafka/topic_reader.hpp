#pragma once

#include "core/base/result.hpp"
#include "core/batch/raw_block.hpp"
#include "io/kafka/client.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace weir::io {

/// A part of a topic that has an end: all partitions, as they stand when the reading starts.
struct topic_range {
  kafka_properties properties; ///< with the brokers
  std::string topic;
  std::optional<std::int64_t> from_ms; ///< the first record from this time on; nothing: the first that is there
  std::optional<std::int64_t> to_ms;   ///< up to the first record from this time on; nothing: up to the end
};

/// Reads that part, outside of any group: committed records alone, those of a partition in their order. Blocks. Fails
/// where there is no such topic, where no broker answers for half a minute, and with the error of `take`.
/// @param keep_going asked several times a second; false: the reading fails
core::result<void> read_messages(const topic_range& range, const std::function<bool()>& keep_going,
                                 const std::function<core::result<void>(const rd_kafka_message_t&)>& take);

/// The same, a block of one partition at a time.
core::result<void> read_topic(const topic_range& range, const std::function<bool()>& keep_going,
                              const std::function<core::result<void>(core::raw_block_ptr)>& take);

} // namespace weir::io
