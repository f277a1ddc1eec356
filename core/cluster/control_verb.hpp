#pragma once

#include <cstdint>

namespace weir::core {

/// What an operator asks of a pipeline, on all its nodes.
enum class control_verb : std::uint8_t { pause, resume, stop };

} // namespace weir::core
