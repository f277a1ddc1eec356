#include "core/detect/seasonal_profile.hpp"

#include "core/base/floor_div.hpp"

#include <algorithm>
#include <cmath>

namespace weir::core {

namespace {

/// Of the spread over all hours.
constexpr double rate_of_all = 0.001;

} // namespace

void seasonal_profile::learn(double value, std::int64_t time_ms) noexcept {
  if (const auto now = floor_div(time_ms, ms_per_hour); now != last_hour_ || values_ == 0) {
    last_hour_ = now;
    hours_seen_ += 1;
  }
  auto& hour = by_hour_[index_of(time_ms)];
  const auto off = value - hour.level.mean;
  const auto rate = std::min(1.0, 1 / (days_of_memory * values_an_hour()));
  const auto known = is_known(hour);
  values_ += 1;
  all_.add(std::abs(off), rate_of_all);
  const auto most = most_spreads * spread_of(hour);
  if (hour.level.count > 0)
    hour.deviation.add(known ? std::min(std::abs(off), most) : std::abs(off), rate);
  hour.level.add(known ? hour.level.mean + std::clamp(off, -most, most) : value, rate);
}

bool seasonal_profile::valid() const noexcept {
  const auto is_spread = [](const fading_mean& spread) { return spread.valid() && spread.mean >= 0; };
  return std::ranges::all_of(by_hour_,
                             [&](const auto& hour) { return hour.level.valid() && is_spread(hour.deviation); })
         && is_spread(all_) && std::isfinite(values_) && values_ >= 0 && std::isfinite(hours_seen_) && hours_seen_ >= 0
         && (values_ == 0 || hours_seen_ >= 1);
}

} // namespace weir::core
