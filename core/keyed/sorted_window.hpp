#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace weir::core {

/// The last N values, and the same in their order: for medians and quartiles, exactly. On flat state that is all zero
/// bytes in the beginning. A value costs a search and a move of a part of N numbers.
struct sorted_window {
  std::uint32_t size;
  std::uint32_t head; ///< where the next value goes: once it is full, the oldest one

  /// Behind this, twice `capacity` of them: as they came, and sorted.
  static constexpr std::size_t bytes(std::uint32_t capacity) noexcept {
    return sizeof(sorted_window) + 2 * capacity * sizeof(double);
  }
  bool valid(std::uint32_t capacity) const noexcept { return size <= capacity && head < capacity; }

  void push(double x, std::uint32_t capacity) noexcept {
    auto* sorted = values(capacity);
    auto* end = sorted + size;
    if (size == capacity) {
      const auto at = std::min(std::lower_bound(sorted, end, ring()[head]), end - 1);
      std::copy(at + 1, end, at);
      --end;
    } else {
      ++size;
    }
    const auto at = std::upper_bound(sorted, end, x);
    std::copy_backward(at, end, end + 1);
    *at = x;
    ring()[head] = x;
    head = head + 1 == capacity ? 0 : head + 1;
  }

  /// With linear interpolation, as numpy's default. @pre size > 0; 0 <= share <= 1
  double quantile(double share, std::uint32_t capacity) const noexcept {
    const auto place = share * (size - 1);
    const auto below = static_cast<std::uint32_t>(place);
    const auto* sorted = values(capacity);
    const auto above = std::min(below + 1, size - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /// The median of the distances from `centre`; of an even number the mean of both in the middle. @pre size > 0
  double median_distance(double centre, std::uint32_t capacity) const noexcept {
    const auto* sorted = values(capacity);
    const auto* right = std::lower_bound(sorted, sorted + size, centre);
    const auto* left = right;
    double before = 0, last = 0;
    for (std::uint32_t i = 0; i <= size / 2; ++i) {
      before = last;
      const bool has_left = left != sorted;
      const bool has_right = right != sorted + size;
      if (has_left && (!has_right || centre - left[-1] <= *right - centre))
        last = centre - *--left;
      else
        last = *right++ - centre;
    }
    return size % 2 == 1 ? last : 0.5 * (before + last);
  }

  const double* values(std::uint32_t capacity) const noexcept { return ring() + capacity; }

private:
  double* ring() noexcept { return reinterpret_cast<double*>(this + 1); }
  const double* ring() const noexcept { return reinterpret_cast<const double*>(this + 1); }
  double* values(std::uint32_t capacity) noexcept { return ring() + capacity; }
};

} // namespace weir::core
