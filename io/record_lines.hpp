#pragma once

#include "core/batch/record_block.hpp"
#include "io/sink.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weir::io {

/// Each record's value and a line end.
std::string lines_of(const core::record_block& block);

/// One JSON object a line: topic, partition, offset, timestamp, stage, reason, time, key and value (as text when they
/// are UTF-8, else `key_base64`, `value_base64`).
std::string lines_of(const std::vector<dead_letter>& letters);

/// False when not all could be written; errno says why.
bool write_all(int fd, std::string_view bytes);

} // namespace weir::io
