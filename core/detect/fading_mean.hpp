#pragma once

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace weir::core {

/// A mean that lets old values fade: that of all values at first, an exponentially weighted one once there are more
/// than 1 / rate. Plain bytes, all zero before the first value.
struct fading_mean {
  double mean;
  double count;

  /// @param value finite @param rate above 0 and at most 1: the least weight of a new value
  void add(double value, double rate) noexcept {
    count += 1;
    mean += std::max(rate, 1 / count) * (value - mean);
  }

  /// Whether bytes can be what add() has left.
  bool valid() const noexcept { return std::isfinite(mean) && std::isfinite(count) && count >= 0; }
};

static_assert(std::is_trivially_copyable_v<fading_mean> && std::is_trivially_default_constructible_v<fading_mean>);

} // namespace weir::core
