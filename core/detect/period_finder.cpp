#include "core/detect/period_finder.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace weir::core {

namespace {

constexpr std::size_t first_look = 64;
constexpr std::size_t periods_at_least = 3;

/// A peak stands so much above the valley in front of it.
constexpr double least_rise = 0.2;
/// Of the highest peak: those of multiples of a period are as high as its own.
constexpr double about_as_high = 0.9;
/// Of a period: where the look around a peak ends.
constexpr std::size_t parts_around = 12;
/// Standard deviations.
constexpr double farthest = 3;
/// Of a period: others by so much are taken for the same.
constexpr std::size_t parts_of_tolerance = 50;

using correlations = std::array<double, period_finder::window / 2 + 1>;

bool is_about(std::uint64_t a, std::uint64_t b) noexcept {
  return std::max(a, b) - std::min(a, b) <= std::max<std::uint64_t>(1, a / parts_of_tolerance);
}

/// Without their trend, in standard deviations. False: they have none.
bool standardize(std::span<const double> values, std::span<double> into) noexcept {
  const auto line = trend_of(values);
  double largest = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    largest = std::max(largest, std::abs(into[i] = values[i] - line.at(i)));
  if (!(largest > 0))
    return false;
  double squares = 0; // of shares of the largest: they are numbers
  for (auto& value : into)
    squares += (value / largest) * (value / largest);
  const auto deviation = largest * std::sqrt(squares / static_cast<double>(values.size()));
  for (auto& value : into)
    value = std::clamp(value / deviation, -farthest, farthest);
  return deviation > 0;
}

/// By lag, up to half of the values.
correlations correlations_of(std::span<const double> values) noexcept {
  correlations made{};
  const auto size = values.size();
  double variance = 0;
  for (const auto value : values)
    variance += value * value / static_cast<double>(size);
  for (std::size_t lag = 1; lag <= size / 2; ++lag) {
    const auto pairs = size - lag;
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0; // one alone would wait for each addition
    std::size_t i = 0;
    for (; i + 4 <= pairs; i += 4) {
      s0 += values[i] * values[i + lag];
      s1 += values[i + 1] * values[i + 1 + lag];
      s2 += values[i + 2] * values[i + 2 + lag];
      s3 += values[i + 3] * values[i + 3 + lag];
    }
    for (; i < pairs; ++i)
      s0 += values[i] * values[i + lag];
    made[lag] = (s0 + s1 + s2 + s3) / static_cast<double>(pairs) / variance;
  }
  return made;
}

/// The lag around a peak at whose multiples the series repeats best: these tell it apart where the peak is flat.
std::size_t sharpened(const correlations& of, std::size_t peak, std::size_t most_lag) noexcept {
  const auto around = peak / parts_around;
  const auto multiples = most_lag / (peak + around);
  auto best = peak;
  double highest = -1;
  for (auto lag = peak - around; lag <= peak + around; ++lag) {
    double sum = 0;
    for (std::size_t k = 1; k <= multiples; ++k)
      sum += of[k * lag];
    if (sum > highest) {
      highest = sum;
      best = lag;
    }
  }
  return best;
}

} // namespace

trend_line trend_of(std::span<const double> values) noexcept {
  const auto size = static_cast<double>(values.size());
  double mean = 0;
  for (const auto value : values)
    mean += value / size;
  const auto middle = (size - 1) / 2;
  double products = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    products += (static_cast<double>(i) - middle) * (values[i] - mean);
  const auto slope = values.size() > 1 ? products / (size * (size * size - 1) / 12) : 0;
  return {mean - slope * middle, slope};
}

std::size_t find_period(std::span<const double> values) noexcept {
  std::array<double, period_finder::window> room;
  const auto rest = std::span{room}.first(values.size());
  if (values.size() < first_look || !standardize(values, rest))
    return 0;
  const auto of = correlations_of(rest);
  const auto most = std::min(values.size() / periods_at_least, period_finder::most_period);
  std::array<bool, period_finder::most_period + 1> is_peak{};
  double valley = of[1], highest = 0;
  for (std::size_t lag = 2; lag <= most; ++lag) {
    is_peak[lag] = of[lag] >= period_finder::least_correlation && of[lag] >= valley + least_rise
                   && of[lag] > of[lag - 1] && of[lag] >= of[lag + 1];
    valley = std::min(valley, of[lag]);
    if (is_peak[lag])
      highest = std::max(highest, of[lag]);
  }
  for (std::size_t lag = 2; lag <= most; ++lag)
    if (is_peak[lag] && of[lag] >= about_as_high * highest)
      return std::min(sharpened(of, lag, values.size() / 2), most);
  return 0;
}

std::span<const double> period_finder::latest(std::span<double, window> into) const noexcept {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(count_, window));
  for (std::size_t i = 0; i < size; ++i)
    into[i] = ring_[(count_ - size + i) % window];
  return into.first(size);
}

bool period_finder::push(double value) noexcept {
  ring_[count_++ % window] = value;
  const bool looks =
      count_ >= window ? count_ % (window / 2) == 0 : count_ >= first_look && std::has_single_bit(count_);
  if (!looks)
    return false;
  std::array<double, window> room;
  const auto found = find_period(latest(room));
  const auto before = candidate_;
  candidate_ = found;
  if (found == 0 || before == 0 || !is_about(found, before) || found == period_)
    return false;
  // One that was found with little is made exact when two looks agree.
  if (period_ != 0 && is_about(found, period_) && found != before)
    return false;
  period_ = found;
  return true;
}

} // namespace weir::core
