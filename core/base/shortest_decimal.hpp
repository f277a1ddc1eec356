#pragma once

#include <cstdint>

namespace weir::core {

/// `digits * 10^exponent`.
struct decimal {
  std::uint64_t digits = 0; ///< may end in zeros
  std::int32_t exponent = 0;
};

/// The decimal of fewest digits (not counting zeros at the end) that reads back to `value`, and of those the nearest
/// one. R. Giulietti, "The Schubfach way to render doubles", 2020.
/// @pre value is finite and greater than 0
decimal shortest_decimal(double value) noexcept;

} // namespace weir::core
