#pragma once

#include "io/kafka/client.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace weir::io {

/// How a topic is configured, as far as Weir depends on it.
struct topic_configuration {
  std::optional<std::size_t> max_message_bytes; ///< of a batch of records
  std::string cleanup_policy;                   ///< `delete`, `compact` or both
};

/// Asks the broker how topics are configured. A topic whose configuration the user may not see is left out, with a
/// warning. It is an error when the broker does not answer in time.
core::result<std::map<std::string, topic_configuration>>
describe_topics(rd_kafka_t* client, const std::vector<std::string>& topics, std::chrono::milliseconds timeout);

/// How many bytes a batch of records may have, by topic.
using topic_limits = std::map<std::string, std::size_t>;

/// The topics' max.message.bytes by describe_topics().
core::result<topic_limits> limits_of(rd_kafka_t* client, const std::vector<std::string>& topics,
                                     std::chrono::milliseconds timeout);

} // namespace weir::io
