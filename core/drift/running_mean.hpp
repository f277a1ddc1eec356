#pragma once

#include <cmath>
#include <cstdint>
#include <type_traits>

namespace weir::core {

/// Count and mean of values, updated as river's stats.Mean does it, to the last bit: thresholds are compared with it.
struct running_mean {
  std::uint64_t count;
  double mean;

  void add(double value) noexcept {
    ++count;
    mean += 1.0 / static_cast<double>(count) * (value - mean);
  }

  double size() const noexcept { return static_cast<double>(count); }

  /// Whether bytes can be what add() has left of values between 0 and 1.
  bool is_share() const noexcept { return is_finite() && mean >= 0 && mean <= 1; }
  /// The same of any finite values.
  bool is_finite() const noexcept {
    return count < std::uint64_t{1} << 53 && std::isfinite(mean) && (count > 0 || mean == 0);
  }
};

static_assert(std::is_trivially_copyable_v<running_mean> && std::is_trivially_default_constructible_v<running_mean>);

} // namespace weir::core
