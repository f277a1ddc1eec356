#include "core/detect/seasonal_forecast.hpp"

#include "core/detect/period_finder.hpp"

#include <algorithm>
#include <array>

namespace weir::core {

namespace {

/// What a single error teaches at most, in variances.
constexpr double most_taught = 25;

} // namespace

double seasonal_forecast::learn(double value, double* seasons, std::size_t period,
                                const forecast_rates& rates) noexcept {
  double none = 0;
  auto& season = period > 1 ? seasons[count % period] : none;
  if (count == 0)
    level = value;
  const auto expected = level + trend + season;
  const auto error = value - expected;
  const auto first = first_values(period);
  const auto seen = static_cast<double>(count + 1);
  const bool is_first = count < first;
  const auto next = level + trend + std::max(rates.alpha, is_first ? 1 / seen : 0) * (value - season - level - trend);
  if (!is_first)
    trend += rates.beta * (next - level - trend);
  level = next;
  if (period > 1)
    season += (count < period ? 1 : is_first ? 0.5 : rates.gamma) * (value - level - season);
  // The first forecasts are wrong for want of values: what they teach of the spread fades.
  if (count > 0 && !is_first) {
    const auto weight = std::max(rates.of_spread(), 1 / std::max(seen - static_cast<double>(first), 4.0));
    const auto square = error * error;
    variance += weight * (std::min(square, variance > 0 ? most_taught * variance : square) - variance);
  }
  ++count;
  return expected;
}

void seasonal_forecast::begin(std::span<const double> latest, double* seasons, std::size_t period,
                              const forecast_rates& rates) noexcept {
  const auto line = trend_of(latest);
  const auto oldest = count - latest.size(); // by how many values it was preceded
  std::array<double, period_finder::most_period> values_of{};
  std::fill_n(seasons, period, 0.0);
  for (std::size_t i = 0; i < latest.size(); ++i) {
    const auto place = (oldest + i) % period;
    values_of[place] += 1;
    seasons[place] += (latest[i] - line.at(i) - seasons[place]) / values_of[place];
  }
  variance = 0;
  for (std::size_t i = 0; i < latest.size(); ++i) {
    const auto error = latest[i] - line.at(i) - seasons[(oldest + i) % period];
    variance += error * error / static_cast<double>(latest.size() - period);
  }
  level = line.at(latest.size() - 1);
  trend = rates.beta > 0 ? line.slope : 0;
}

} // namespace weir::core
