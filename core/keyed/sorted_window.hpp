#pragma once

#include "core/base/sorted_values.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace weir::core {

/// The last N values, and the same in their order: for medians and quartiles, exactly. On flat state that is all zero
/// bytes in the beginning. A value costs two searches and a move of a part of N numbers.
struct sorted_window {
  std::uint32_t size;
  std::uint32_t head; ///< where the next value goes: once it is full, the oldest one

  /// Behind this, twice `capacity` of them: as they came, and sorted.
  static constexpr std::size_t bytes(std::uint32_t capacity) noexcept {
    return sizeof(sorted_window) + 2 * capacity * sizeof(double);
  }
  bool valid(std::uint32_t capacity) const noexcept { return size <= capacity && head < capacity; }

  void push(double x, std::uint32_t capacity) noexcept {
    auto* const sorted = ring() + capacity;
    const auto place = count_first(size, [=](std::size_t i) { return sorted[i] <= x; });
    if (size < capacity) {
      std::copy_backward(sorted + place, sorted + size, sorted + size + 1);
      sorted[place] = x;
      ++size;
    } else {
      // What lies between the place of the oldest and that of the newest moves by one.
      const auto oldest = ring()[head];
      const auto left = std::min<std::size_t>(count_first(size, [=](std::size_t i) { return sorted[i] < oldest; }),
                                              size - std::size_t{1});
      if (left < place) {
        std::copy(sorted + left + 1, sorted + place, sorted + left);
        sorted[place - 1] = x;
      } else {
        std::copy_backward(sorted + place, sorted + left, sorted + left + 1);
        sorted[place] = x;
      }
    }
    ring()[head] = x;
    head = head + 1 == capacity ? 0 : head + 1;
  }

  /// Ascending.
  std::span<const double> values(std::uint32_t capacity) const noexcept { return {ring() + capacity, size}; }

private:
  double* ring() noexcept { return reinterpret_cast<double*>(this + 1); }
  const double* ring() const noexcept { return reinterpret_cast<const double*>(this + 1); }
};

} // namespace weir::core
