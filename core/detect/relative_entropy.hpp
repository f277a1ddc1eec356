#pragma once

#include "core/detect/streaming_octiles.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace weir::core {

/// How much the distribution of the last 50 values, and of the last 25, differs from that of those before: the relative
/// entropy (Kullback-Leibler divergence) of the shares of values between octiles. Wang et al. (2011) have bins of equal
/// width in their place. What was before fades in 3,000 values. Plain bytes, all zero before the first value.
class relative_entropy {
public:
  static constexpr std::size_t window = 50;
  static constexpr double memory = 3000;

  /// In nats.
  struct divergences {
    double whole = 0; ///< of the last 50 values
    double half = 0;  ///< of the last 25
  };

  /// Takes a value in. 0 until there are two windows. @param value finite
  divergences add(double value) noexcept;

  /// The levels between which values are counted.
  const streaming_octiles& levels() const noexcept { return octiles_; }

  /// Whether bytes can be what add() has left.
  bool valid() const noexcept;

private:
  streaming_octiles octiles_;
  std::array<double, streaming_octiles::shares> before_; ///< values in each share before the window, faded
  double count_before_;
  std::array<std::uint8_t, 56> last_; ///< the shares of the last values, a ring; `window` of them are used
  std::uint64_t added_;
};

static_assert(
    std::is_trivially_copyable_v<relative_entropy> && std::is_trivially_default_constructible_v<relative_entropy>);

} // namespace weir::core
