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

/// What a line of the client's log is about, in our words and without what changes from one to the next.
std::string plain_complaint(std::string_view facility, std::string_view text);

/// Why the client has no broker and what to do about it; `otherwise` when its log does not say.
core::error unreachable(const rd_kafka_t* client, std::string_view otherwise);
/// The same of the client of this name.
core::error unreachable(const std::string& client, std::string_view otherwise);

} // namespace weir::io
