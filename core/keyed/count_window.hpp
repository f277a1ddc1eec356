#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <type_traits>

namespace weir::core {

// Windows over the last N values, on flat state that is all zero bytes in the beginning. Nothing is ever subtracted, so
// nothing drifts, and each value costs O(1), amortised: a value is written in its place of the current pass over the
// ring, and when the pass is full, the ring is turned, in place, into the aggregates of its suffixes. The window is
// then the current pass so far, which is kept as one running aggregate, and a suffix of the previous pass. (The
// two-stack queue of aggregates: Tangwongsan, Hirzel, Schneider, "In-order sliding-window aggregation", VLDB J. 2021.)

/// Where the current pass stands.
struct window_position {
  std::uint32_t head = 0;    ///< values in the current pass
  std::uint32_t wrapped = 0; ///< 1 once there was a previous pass

  std::uint32_t size(std::uint32_t capacity) const noexcept { return wrapped != 0 ? capacity : head; }
  std::uint32_t older(std::uint32_t capacity) const noexcept { return wrapped != 0 ? capacity - head : 0; }

  /// False for what no window of this capacity can have: its ring would be read beyond its end.
  bool valid(std::uint32_t capacity) const noexcept {
    return head <= capacity && wrapped <= 1 && (wrapped == 0 || head > 0);
  }
};

/// The sum of the last N values, taken as differences from the first value of the pass, so an offset costs no digits.
struct sum_window {
  static constexpr std::string_view contents = "sums";

  window_position at;
  double shift;     ///< of the current pass
  double old_shift; ///< of the previous one
  double sum;       ///< of the current pass, less shift

  /// Behind this, `capacity` of them: differences, or the sums of the old pass from here to its end.
  double* ring() noexcept { return reinterpret_cast<double*>(this + 1); }
  const double* ring() const noexcept { return reinterpret_cast<const double*>(this + 1); }

  static constexpr std::size_t bytes(std::size_t capacity) noexcept {
    return sizeof(sum_window) + capacity * sizeof(double);
  }
  bool valid(std::uint32_t capacity) const noexcept { return at.valid(capacity); }

  void push(double x, std::uint32_t capacity) noexcept {
    if (at.head == capacity) {
      double suffix = 0;
      for (auto i = capacity; i-- > 0;)
        suffix = (ring()[i] += suffix);
      at = {0, 1};
      old_shift = shift;
    }
    if (at.head == 0) {
      shift = x;
      sum = 0;
    }
    const auto difference = x - shift;
    ring()[at.head++] = difference;
    sum += difference;
  }

  /// @pre a value was pushed
  double mean(std::uint32_t capacity) const noexcept {
    const auto older = at.older(capacity);
    auto total = sum;
    if (older != 0)
      total += ring()[at.head] + (old_shift - shift) * static_cast<double>(older);
    return shift + total / static_cast<double>(at.head + older);
  }
};

/// The least of the last N values by `Better(a, b)` (std::less: the minimum).
template <class Better>
struct extreme_window {
  static constexpr std::string_view contents = std::is_same_v<Better, std::less<>> ? "minima" : "maxima";

  window_position at;
  double best; ///< of the current pass

  /// Behind this, `capacity` of them: values, or the best of the old pass from here to its end.
  double* ring() noexcept { return reinterpret_cast<double*>(this + 1); }
  const double* ring() const noexcept { return reinterpret_cast<const double*>(this + 1); }

  static constexpr std::size_t bytes(std::size_t capacity) noexcept {
    return sizeof(extreme_window) + capacity * sizeof(double);
  }
  bool valid(std::uint32_t capacity) const noexcept { return at.valid(capacity); }

  static double better(double a, double b) noexcept { return Better{}(b, a) ? b : a; }

  void push(double x, std::uint32_t capacity) noexcept {
    if (at.head == capacity) {
      for (auto i = capacity - 1; i-- > 0;)
        ring()[i] = better(ring()[i], ring()[i + 1]);
      at = {0, 1};
    }
    best = at.head == 0 ? x : better(best, x);
    ring()[at.head++] = x;
  }

  /// @pre a value was pushed
  double value(std::uint32_t capacity) const noexcept {
    return at.older(capacity) == 0 ? best : better(best, ring()[at.head]);
  }
};

/// Mean and spread of the last N values.
struct spread_window {
  struct spread {
    double mean;
    double m2; ///< sum of squared deviations

    void add(double x, double count_after) noexcept {
      const auto delta = x - mean;
      mean += delta / count_after;
      m2 += delta * (x - mean);
    }
  };

  static constexpr std::string_view contents = "spreads";

  window_position at;
  spread current;

  /// Behind this, `capacity` of them: {value, 0}, or the spread of the old pass from here to its end.
  spread* ring() noexcept { return reinterpret_cast<spread*>(this + 1); }
  const spread* ring() const noexcept { return reinterpret_cast<const spread*>(this + 1); }

  static constexpr std::size_t bytes(std::size_t capacity) noexcept {
    return sizeof(spread_window) + capacity * sizeof(spread);
  }
  bool valid(std::uint32_t capacity) const noexcept { return at.valid(capacity); }

  void push(double x, std::uint32_t capacity) noexcept {
    if (at.head == capacity) {
      spread suffix{0, 0};
      for (auto i = capacity; i-- > 0;) {
        suffix.add(ring()[i].mean, static_cast<double>(capacity - i));
        ring()[i] = suffix;
      }
      at = {0, 1};
    }
    if (at.head == 0)
      current = {0, 0};
    ring()[at.head++] = {x, 0};
    current.add(x, static_cast<double>(at.head));
  }

  /// Mean and sum of squared deviations of the whole window (Chan's merge). @pre a value was pushed
  spread value(std::uint32_t capacity) const noexcept {
    const auto older = at.older(capacity);
    if (older == 0)
      return current;
    const auto& old = ring()[at.head];
    const auto a = static_cast<double>(at.head);
    const auto b = static_cast<double>(older);
    const auto delta = old.mean - current.mean;
    return {current.mean + delta * (b / (a + b)), current.m2 + old.m2 + delta * delta * (a * b / (a + b))};
  }
};

} // namespace weir::core
