#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>

namespace weir::core {

/// How many of the first of `size` places `is_before` holds for, where it holds for none behind one for which it does
/// not. Without a branch that depends on what it says: a processor mispredicts nothing.
template <class Predicate>
std::size_t count_first(std::size_t size, Predicate is_before) noexcept {
  std::size_t found = 0;
  while (size > 1) {
    const auto half = size / 2;
    found = is_before(found + half - 1) ? found + half : found;
    size -= half;
  }
  return found + (size == 1 && is_before(found) ? 1 : 0);
}

/// A quantile with linear interpolation, as numpy's default. @param values ascending, one at least @pre 0 <= share <= 1
inline double quantile_of_sorted(std::span<const double> values, double share) noexcept {
  const auto place = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto above = std::min(below + 1, values.size() - 1);
  return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}

/// The median of the distances from the median; of an even number the mean of both in the middle. The distances to
/// either side are sorted, so the smaller half of all is found by halving. @param values ascending, one at least
inline double median_distance_of_sorted(std::span<const double> values) noexcept {
  constexpr auto infinite = std::numeric_limits<double>::infinity();
  const auto centre = quantile_of_sorted(values, 0.5);
  const auto half = values.size() / 2, right_size = values.size() - half;
  const auto left = [&](std::size_t i) { return centre - values[half - 1 - i]; };
  const auto right = [&](std::size_t i) { return values[half + i] - centre; };
  const auto from_left = count_first(half, [&](std::size_t i) { return left(i) < right(half - 1 - i); });
  const auto from_right = half - from_left;
  const auto next =
      std::min(from_left < half ? left(from_left) : infinite, from_right < right_size ? right(from_right) : infinite);
  if (values.size() % 2 == 1)
    return next;
  const auto last = std::max(from_left > 0 ? left(from_left - 1) : 0.0, from_right > 0 ? right(from_right - 1) : 0.0);
  return 0.5 * (last + next);
}

} // namespace weir::core
