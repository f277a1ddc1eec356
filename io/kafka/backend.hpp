#pragma once

#include "config/pipeline.hpp"
#include "io/backend.hpp"
#include "io/kafka/consumer.hpp"

#include <memory>
#include <string>

namespace weir::io {

/// Source Kafka, exactly once: one transactional producer, the group's offsets in its transactions.
/// Source Kafka, at least once: the group's offsets are committed after outputs and state are acknowledged.
/// @param consumer of this node; gives the group's metadata or commits the offsets.
std::unique_ptr<backend> make_kafka_backend(backend_options options, std::shared_ptr<kafka_consumer> consumer);

/// Makes the transactional producer of another node abort what it left open: that node is dead, or must count as dead.
void fence(const config::pipeline& pipeline, const std::string& node);

} // namespace weir::io
