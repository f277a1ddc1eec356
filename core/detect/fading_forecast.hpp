#pragma once

#include "core/detect/expectation.hpp"
#include "core/detect/fading_mean.hpp"

#include <cstdint>

namespace weir::core {

/// Expects the level of the last values (simple exponential smoothing, Brown 1956) and knows how far they lie from it.
/// Plain bytes, all zero before the first value.
class fading_forecast {
public:
  /// Values before it says something.
  static constexpr double least_values = 20;
  /// What lies further out than so many spreads teaches no more than what lies there.
  static constexpr double most_spreads = 10;

  bool ready() const noexcept { return level_.count > least_values; }
  /// @pre ready()
  expectation expected() const noexcept { return {level_.mean, deviation_.mean}; }

  /// @param value finite @param memory values after which one has faded to 1/e, 1 at least
  void learn(double value, double memory) noexcept {
    if (level_.count > 0) {
      auto deviation = std::abs(value - level_.mean);
      if (deviation_.count > most_spreads)
        deviation = std::min(deviation, most_spreads * deviation_.mean);
      deviation_.add(deviation, 1 / memory);
    }
    level_.add(value, 1 / memory);
  }

  /// Whether bytes can be what learn() has left.
  bool valid() const noexcept { return level_.valid() && deviation_.valid() && deviation_.mean >= 0; }

private:
  fading_mean level_;
  fading_mean deviation_;
};

static_assert(
    std::is_trivially_copyable_v<fading_forecast> && std::is_trivially_default_constructible_v<fading_forecast>);

} // namespace weir::core
