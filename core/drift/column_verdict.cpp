#include "core/drift/column_verdict.hpp"

#include "core/drift/benjamini_hochberg.hpp"
#include "core/drift/chi_square.hpp"
#include "core/drift/distributions.hpp"
#include "core/drift/jensen_shannon.hpp"
#include "core/drift/population_stability_index.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <numeric>

namespace weir::core {

namespace {

constexpr std::array<std::string_view, 8> names{"population_stability_index",
                                                "kolmogorov_smirnov",
                                                "wasserstein_distance",
                                                "jensen_shannon",
                                                "chi_square",
                                                "welch",
                                                "variance_ratio",
                                                "nulls"};

/// Below, what the index and the distance are by chance has a longer tail than chi-square has.
constexpr double least_expected = 10;

double sum_of(std::span<const std::uint64_t> counts) {
  return static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
}

std::vector<std::uint64_t> pooled(std::span<const std::uint64_t> counts, const std::vector<std::size_t>& groups) {
  std::vector<std::uint64_t> made(groups.empty() ? 0 : groups.back() + 1, 0);
  for (std::size_t i = 0; i < groups.size(); ++i)
    made[groups[i]] += counts[i];
  return made;
}

double total_variation_by_chance(binned_pair bins, double n, double m) {
  double sum = 0;
  for (std::size_t i = 0; i < bins.reference.size(); ++i) {
    const auto share = static_cast<double>(bins.reference[i] + bins.window[i]) / (n + m);
    sum += std::sqrt(2 * share * (1 - share) * (1 / n + 1 / m) / std::numbers::pi);
  }
  return std::min(1.0, sum / 2);
}

} // namespace

std::string_view name_of(drift_method method) noexcept {
  return names[static_cast<std::size_t>(method)];
}

std::optional<drift_method> drift_method_named(std::string_view name) noexcept {
  const auto found = std::find(names.begin(), names.end(), name);
  return found == names.end() ? std::nullopt : std::optional{static_cast<drift_method>(found - names.begin())};
}

void column_verdict::add(drift_method method, double statistic, double p, double effect, double alpha) {
  methods.push_back({method, statistic, p, p <= alpha, effect});
}

void column_verdict::conclude(double alpha) {
  for (const auto& one : methods)
    p_value = std::min(p_value, one.p_value * static_cast<double>(methods.size()));
  is_drift = !methods.empty() && p_value <= alpha;
}

stream_verdict verdict_of(std::span<const column_verdict> columns, double alpha) {
  std::vector<double> p_values;
  for (const auto& column : columns)
    p_values.push_back(column.p_value);
  stream_verdict made;
  made.p_values = benjamini_hochberg(p_values);
  for (const auto p : made.p_values)
    made.is_drift.push_back(p <= alpha);
  const auto told = std::count(made.is_drift.begin(), made.is_drift.end(), true);
  made.drift_share = columns.empty() ? 0 : static_cast<double>(told) / static_cast<double>(columns.size());
  return made;
}

void judge_nulls(const share_of& reference, const share_of& window, std::span<const drift_method> methods, double alpha,
                 column_verdict& into) {
  if (reference.whole == 0 || std::find(methods.begin(), methods.end(), drift_method::nulls) == methods.end())
    return;
  const auto told = share_change(reference, window);
  into.add(drift_method::nulls, told.statistic, told.p_value, told.statistic, alpha);
}

void judge_bins(binned_pair bins, std::span<const drift_method> methods, double alpha, column_verdict& into) {
  const auto n = sum_of(bins.reference), m = sum_of(bins.window);
  if (n == 0 || m == 0)
    return;
  into.drift_percent = 100 * total_variation(bins.reference, bins.window);
  into.chance_percent = 100 * total_variation_by_chance(bins, n, m);
  const auto groups = pooled_neighbours(bins.reference, bins.window, least_expected);
  const auto reference = pooled(bins.reference, groups), window = pooled(bins.window, groups);
  const auto degrees = static_cast<double>(reference.size()) - 1;
  for (const auto method : methods) {
    if (method == drift_method::population_stability_index) {
      const auto index = population_stability_index(reference, window);
      into.add(method, index, population_stability_p_value(index, n, m, degrees + 1), index, alpha);
    } else if (method == drift_method::jensen_shannon) {
      // The divergence is an eighth of chi-square, over the sizes, while nothing has changed.
      const auto distance = jensen_shannon(reference, window);
      const auto p = chi_square_tail(8 * std::numbers::ln2 * distance * distance / (1 / n + 1 / m), degrees);
      into.add(method, distance, p, distance, alpha);
    } else if (method == drift_method::chi_square) {
      const auto told = chi_square(reference, window, 0);
      into.add(method, told.statistic, told.p_value, told.cramers_v, alpha);
    }
  }
}

} // namespace weir::core
