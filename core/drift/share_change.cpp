#include "core/drift/share_change.hpp"

#include "core/drift/distributions.hpp"

#include <algorithm>
#include <cmath>

namespace weir::core {

namespace {

/// Sums of hypergeometric probabilities, as multiples of what was seen: no factorials are needed.
double fisher_exact(const share_of& reference, const share_of& window) {
  const auto n = static_cast<double>(reference.whole), m = static_cast<double>(window.whole);
  const auto parts = static_cast<double>(reference.part + window.part);
  const auto seen = static_cast<double>(reference.part);
  constexpr double as_probable = 1 + 1e-9; // alike but for rounding
  double all = 1, as_far = 1;
  const auto walk = [&](double end, double step) {
    double ratio = 1;
    for (auto x = seen; x != end; x += step) {
      const auto up = (n - x) * (parts - x), down = x * (m - parts + x);
      const auto up_below = (n - x + 1) * (parts - x + 1), down_above = (x + 1) * (m - parts + x + 1);
      ratio *= step > 0 ? up / down_above : down / up_below;
      if (!(ratio > 1e-300))
        break;
      all += ratio;
      as_far += ratio <= as_probable ? ratio : 0;
    }
  };
  walk(std::min(n, parts), 1);
  walk(std::max(0.0, parts - m), -1);
  return std::isinf(all) ? 0 : std::min(1.0, as_far / all); // infinite: so improbable that others are beyond any number
}

} // namespace

test_result share_change(const share_of& reference, const share_of& window) {
  if (reference.whole == 0 || window.whole == 0)
    return {};
  const auto parts = reference.part + window.part, whole = reference.whole + window.whole;
  test_result made{window.value() - reference.value(), 1};
  if (parts == 0 || parts == whole)
    return made;
  if (std::min({parts, whole - parts, reference.whole, window.whole}) <= 10'000) {
    made.p_value = fisher_exact(reference, window);
    return made;
  }
  const auto pooled = static_cast<double>(parts) / static_cast<double>(whole);
  const auto variance =
      pooled * (1 - pooled) * (1 / static_cast<double>(reference.whole) + 1 / static_cast<double>(window.whole));
  made.p_value = normal_two_sided(made.statistic / std::sqrt(variance));
  return made;
}

test_result correlation_change(double of_reference, std::uint64_t n, double of_window, std::uint64_t m) {
  if (n < 4 || m < 4 || std::isnan(of_reference) || std::isnan(of_window))
    return {};
  static constexpr double most = 1 - 1e-15; // of which the z is finite
  const auto z = [](double r) { return std::atanh(std::clamp(r, -most, most)); };
  const auto spread = std::sqrt(1 / (static_cast<double>(n) - 3) + 1 / (static_cast<double>(m) - 3));
  const auto statistic = (z(of_reference) - z(of_window)) / spread;
  return {statistic, normal_two_sided(statistic)};
}

} // namespace weir::core
