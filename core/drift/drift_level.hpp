#pragma once

#include <cstdint>

namespace weir::core {

/// What a drift detector says of a stream behind each value.
enum class drift_level : std::uint8_t {
  none,
  warning, ///< it may have begun to change
  drift,   ///< it has changed
};

} // namespace weir::core
