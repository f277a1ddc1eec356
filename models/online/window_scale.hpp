#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace weir::models::online {

/// What of a value an input that was always the same differs by, to count as one standard deviation.
inline constexpr double constant_deviation = 1e-9;

/// Where the values of an input lie in a window.
struct window_scale {
  double mean = 0;
  double one_over_deviation = 0; ///< finite
};

/// Of halves of finite values, so that a difference of two is finite.
/// @param count 1 at least  @param value_of (index) -> double
template <class ValueOf>
window_scale scale_of_window(std::size_t count, ValueOf value_of) noexcept {
  double low = value_of(0), high = low;
  for (std::size_t i = 1; i < count; ++i) {
    low = std::min(low, value_of(i));
    high = std::max(high, value_of(i));
  }
  const auto width = high - low;
  double sum = 0, squares = 0;
  if (width > 0)
    for (std::size_t i = 0; i < count; ++i) {
      const auto share = (value_of(i) - low) / width; // squares of the values may not be finite
      sum += share;
      squares += share * share;
    }
  const auto mean = sum / static_cast<double>(count);
  const auto variance = squares / static_cast<double>(count) - mean * mean;
  const auto deviation = width > 0 ? width * std::sqrt(std::max(variance, 0.0)) : constant_deviation * std::abs(low);
  constexpr auto most = std::numeric_limits<double>::max();
  return {low + mean * width, deviation > 0 ? std::min(1 / deviation, most) : most};
}

} // namespace weir::models::online
