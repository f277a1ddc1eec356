#pragma once

#include <cmath>
#include <cstdint>
#include <type_traits>

namespace weir::core {

/// A mean over all values, and one in which older values fade (Gama, Sebastião and Rodrigues 2013): plain bytes, all
/// zero when empty.
struct faded_mean {
  /// What a value weighs less with each one behind it: half of the weight lies in the newest 693.
  static constexpr double fading = 0.999;

  double mean;         ///< of all
  double faded_sum;    ///< of values
  double faded_weight; ///< of as many ones

  /// @param count values so far, this one included
  void add(double value, std::uint64_t count) noexcept {
    mean += (value - mean) / static_cast<double>(count);
    faded_sum = fading * faded_sum + value;
    faded_weight = fading * faded_weight + 1;
  }

  /// 0 without values.
  double recent() const noexcept { return faded_weight > 0 ? faded_sum / faded_weight : 0; }
};

/// Errors of a regressor that is tested with each record before it learns it. Plain bytes, all zero when empty.
struct regression_errors {
  std::uint64_t count;
  faded_mean absolute;
  faded_mean squares;

  /// @param error truth minus prediction; one that is not finite, or whose square is not, is left out
  void add(double error) noexcept {
    if (!std::isfinite(error * error))
      return;
    ++count;
    absolute.add(std::abs(error), count);
    squares.add(error * error, count);
  }

  double mae() const noexcept { return absolute.mean; }
  double recent_mae() const noexcept { return absolute.recent(); }
  double rmse() const noexcept { return std::sqrt(squares.mean); }
  double recent_rmse() const noexcept { return std::sqrt(squares.recent()); }
};

static_assert(std::is_trivially_copyable_v<regression_errors>);

} // namespace weir::core
