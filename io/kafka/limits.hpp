#pragma once

#include "io/kafka/client.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace weir::io {

/// How many bytes a batch of records may have, by topic.
using topic_limits = std::map<std::string, std::size_t>;

/// Asks the broker for each topic's max.message.bytes. A topic whose configuration the user may not see is left out,
/// with a warning. It is an error when the broker does not answer in time.
core::result<topic_limits> limits_of(rd_kafka_t* client, const std::vector<std::string>& topics,
                                     std::chrono::milliseconds timeout);

} // namespace weir::io
