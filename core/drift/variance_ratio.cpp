#include "core/drift/variance_ratio.hpp"

#include "core/drift/distributions.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace weir::core {

namespace {

std::vector<double> distances_to_median(std::span<const double> sample) {
  std::vector<double> made{sample.begin(), sample.end()};
  std::sort(made.begin(), made.end());
  const auto middle = made.size() / 2;
  const auto median = made.size() % 2 == 1 ? made[middle] : (made[middle - 1] + made[middle]) / 2;
  for (auto& value : made)
    value = std::abs(value - median);
  return made;
}

shape_moments moments_of(const std::vector<double>& values) {
  shape_moments made{};
  for (const auto value : values)
    made.add(value);
  return made;
}

} // namespace

test_result variance_ratio(const shape_moments& reference, const shape_moments& window) {
  const auto of_reference = reference.variance(), of_window = window.variance();
  if (reference.count < 2 || window.count < 2 || !(of_reference + of_window > 0))
    return {};
  if (!(of_reference > 0) || !(of_window > 0))
    return {of_window > 0 ? 0 : std::numeric_limits<double>::infinity(), 0};
  const auto n = static_cast<double>(reference.count), m = static_cast<double>(window.count);
  const auto square = (reference.m2 + window.m2) / (n + m);
  const auto kurtosis = (reference.m4 + window.m4) / (n + m) / (square * square);
  const auto degrees = [kurtosis](double count) { return 2 * count / (kurtosis - (count - 3) / (count - 1)); };
  const auto ratio = of_reference / of_window;
  const auto above = f_tail(ratio, degrees(n), degrees(m));
  const auto below = f_tail(1 / ratio, degrees(m), degrees(n));
  return {ratio, std::min(1.0, 2 * std::min(above, below))};
}

test_result brown_forsythe(std::span<const double> reference, std::span<const double> window) {
  if (reference.size() < 3 || window.size() < 3)
    return {};
  const auto one = moments_of(distances_to_median(reference)), other = moments_of(distances_to_median(window));
  const auto n = static_cast<double>(one.count), m = static_cast<double>(other.count);
  const auto difference = one.mean - other.mean;
  const auto between = difference * difference * n * m / (n + m);
  const auto within = one.m2 + other.m2;
  if (!(within > 0))
    return between > 0 ? test_result{std::numeric_limits<double>::infinity(), 0} : test_result{};
  const auto statistic = between * (n + m - 2) / within;
  return {statistic, f_tail(statistic, 1, n + m - 2)};
}

} // namespace weir::core
