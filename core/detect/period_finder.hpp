#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace weir::core {

/// After how many values a series repeats, by its autocorrelation: of what is left of the latest values when their
/// linear trend is taken off and what lies beyond three standard deviations is taken to there. A period is a peak of at
/// least `least_correlation`, behind a valley; of peaks that are about as high the first. It counts once two looks in a
/// row have found the same, with at least three periods before each. Looks are at 64, 128, 256, 512 and 1,024 values,
/// then each 512. Plain bytes, all zero before the first value.
class period_finder {
public:
  static constexpr std::size_t window = 1024; ///< the latest values
  static constexpr std::size_t most_period = 336;
  static constexpr double least_correlation = 0.3;

  /// Takes a value in. @returns whether there is a period now that was not there before, or another one
  /// @param value finite, at most 1e150
  bool push(double value) noexcept;

  /// 0: none was found. One that was found stays until another one is.
  std::size_t period() const noexcept { return static_cast<std::size_t>(period_); }

  /// The latest values, the oldest first. @param into `window` of them @returns those that there are
  std::span<const double> latest(std::span<double, window> into) const noexcept;

  /// Whether bytes can be what push() has left.
  bool valid() const noexcept {
    return period_ <= most_period && period_ != 1 && candidate_ <= most_period && candidate_ != 1;
  }

private:
  std::array<double, window> ring_;
  std::uint64_t count_;
  std::uint64_t period_;
  std::uint64_t candidate_; ///< of the last look; 0: it found none
};

static_assert(std::is_trivially_copyable_v<period_finder> && std::is_trivially_default_constructible_v<period_finder>);

/// The period of a series as period_finder looks for it, once; 0: none. @param values at most period_finder::window
std::size_t find_period(std::span<const double> values) noexcept;

/// The line through values at 0, 1, ... by least squares.
struct trend_line {
  double at_begin = 0;
  double slope = 0;

  double at(std::size_t i) const noexcept { return at_begin + slope * static_cast<double>(i); }
};

/// @param values finite, at most 1e150; one at least
trend_line trend_of(std::span<const double> values) noexcept;

} // namespace weir::core
