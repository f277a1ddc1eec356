#pragma once

#include <cstdint>

namespace weir::core {

/// How records are written down, at the source and at a sink.
enum class data_format : std::uint8_t { json, csv };

} // namespace weir::core
