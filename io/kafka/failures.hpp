#pragma once

#include "core/base/result.hpp"
#include "io/kafka/handles.hpp"

#include <string>
#include <string_view>

// What librdkafka says only in its log: why a broker cannot be reached. Thread-safe, one memory for the process.

namespace weir::io {

/// A line of the client's log without what changes from one to the next: its thread and its counts.
std::string plain_failure(std::string_view line);

/// Remembers why the client of this name lost its broker.
void note_failure(const std::string& client, std::string failure);

/// The client is gone.
void forget_failure(const std::string& client);

/// True when this was not said within the last minute. Many clients fail at once when a broker goes away.
bool is_news(const std::string& failure);

/// Why the client has no broker and what to do about it; `otherwise` when its log does not say.
core::error unreachable(const rd_kafka_t* client, std::string_view otherwise);

} // namespace weir::io
