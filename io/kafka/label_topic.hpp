#pragma once

#include "core/base/result.hpp"
#include "io/kafka/client.hpp"
#include "io/label_reader.hpp"

#include <memory>
#include <string>

namespace weir::io {

/// A topic of labels on the source's brokers, by a client that belongs to no group. It reads committed records alone.
/// Waits for a broker's answer within a bound. An error: there is no such topic, or it has other partitions than the
/// source, so that a lane would not have the labels of its records.
/// @param source_partitions of the source
core::result<std::shared_ptr<label_topic>> open_label_topic(const kafka_properties& properties,
                                                            const std::string& topic, int source_partitions);

} // namespace weir::io
