#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace weir::core {

/// How fast each part of a seasonal_forecast follows, 0 to 1.
struct forecast_rates {
  double alpha = 0.1; ///< the level; above 0
  double beta = 0.01; ///< the trend
  double gamma = 0.1; ///< the seasons

  /// How fast the spread follows: slower than the level, because few errors tell little of it.
  double of_spread() const noexcept { return alpha / 4; }
};

/// A level, a trend and seasons that are added to them (Holt 1957, Winters 1960), damped by nothing: expects the next
/// value of a series, and follows its errors. The first two seasons teach with larger steps, as the mean of what was
/// seen; of the spread, a single error teaches at most 25 variances. Plain bytes, all zero before the first value; the
/// seasons, a number each, stand with whoever keeps it.
struct seasonal_forecast {
  std::uint64_t count; ///< of values
  double level;
  double trend;
  double variance; ///< of the errors behind the first values; 0: not known, or there were none

  /// Values that errors are not counted of.
  static constexpr std::uint64_t first_values(std::size_t period) noexcept { return period > 1 ? 2 * period : 0; }

  /// Takes a value in. @returns what was expected
  /// @param value finite, at most 1e150  @param seasons `period` of them; not looked at where period is 1
  double learn(double value, double* seasons, std::size_t period, const forecast_rates& rates) noexcept;

  /// Begins anew with a period that was found: as the latest values, the last of which was the last that was learned,
  /// lie about their trend.
  /// @param latest two periods of them at least, finite, at most 1e150
  void begin(std::span<const double> latest, double* seasons, std::size_t period, const forecast_rates& rates) noexcept;
};

static_assert(
    std::is_trivially_copyable_v<seasonal_forecast> && std::is_trivially_default_constructible_v<seasonal_forecast>);

} // namespace weir::core
