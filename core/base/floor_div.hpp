#pragma once

#include <cstdint>

namespace weir::core {

/// a / b, rounded down also where a is negative (times before 1970). @pre b > 0
constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) noexcept {
  return a / b - (a % b < 0 ? 1 : 0);
}

} // namespace weir::core
