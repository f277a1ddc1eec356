#pragma once

#include "core/base/civil_time.hpp"
#include "core/detect/expectation.hpp"
#include "core/detect/fading_mean.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace weir::core {

/// Expects what was usual at the same hour of the last days, in UTC. An hour is known once it holds more than two
/// days' values; what it knows fades in five days. Plain bytes, all zero before the first value.
class seasonal_profile {
public:
  static constexpr std::size_t hours = 24;
  static constexpr double days_to_know = 2;
  static constexpr double days_of_memory = 5;
  /// What lies further out than so many spreads teaches no more than what lies there.
  static constexpr double most_spreads = 5;

  bool ready(std::int64_t time_ms) const noexcept { return is_known(by_hour_[index_of(time_ms)]); }
  /// @pre ready(time_ms)
  expectation expected(std::int64_t time_ms) const noexcept {
    const auto& hour = by_hour_[index_of(time_ms)];
    return {hour.level.mean, spread_of(hour)};
  }

  /// @param value finite @param time_ms since 1970; times may go back
  void learn(double value, std::int64_t time_ms) noexcept;

  /// Whether bytes can be what learn() has left.
  bool valid() const noexcept;

private:
  struct hour_profile {
    fading_mean level;
    fading_mean deviation;
  };

  static std::size_t index_of(std::int64_t time_ms) noexcept { return static_cast<std::size_t>(hour_of(time_ms)); }
  /// On average, of the hours that had any.
  double values_an_hour() const noexcept { return hours_seen_ > 0 ? values_ / hours_seen_ : 1; }
  bool is_known(const hour_profile& hour) const noexcept { return hour.level.count > days_to_know * values_an_hour(); }
  /// Widened by a tenth of the spread of all hours: one of the same few values knows no spread of its own.
  double spread_of(const hour_profile& hour) const noexcept { return hour.deviation.mean + all_.mean / 10; }

  std::array<hour_profile, hours> by_hour_;
  fading_mean all_; ///< deviations at whatever hour
  double values_;
  double hours_seen_;
  std::int64_t last_hour_;
};

static_assert(
    std::is_trivially_copyable_v<seasonal_profile> && std::is_trivially_default_constructible_v<seasonal_profile>);

} // namespace weir::core
