#include "core/drift/population_stability_index.hpp"

#include "core/drift/distributions.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace weir::core {

namespace {

/// What stands for the share of an empty bin.
double share_of_none(std::span<const std::uint64_t> counts, double sum) {
  double least = 1;
  for (const auto count : counts)
    if (count > 0)
      least = std::min(least, static_cast<double>(count) / sum);
  return least <= 1e-4 ? least / 1e6 : 1e-4;
}

double sum_of(std::span<const std::uint64_t> counts) {
  return static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
}

} // namespace

double population_stability_index(std::span<const std::uint64_t> reference, std::span<const std::uint64_t> window) {
  const auto n = sum_of(reference), m = sum_of(window);
  if (n == 0 || m == 0)
    return 0;
  const auto none_of_reference = share_of_none(reference, n), none_of_window = share_of_none(window, m);
  double index = 0;
  for (std::size_t i = 0; i < reference.size() && i < window.size(); ++i) {
    if (reference[i] == 0 && window[i] == 0)
      continue; // a bin without values says nothing
    const auto p = reference[i] == 0 ? none_of_reference : static_cast<double>(reference[i]) / n;
    const auto q = window[i] == 0 ? none_of_window : static_cast<double>(window[i]) / m;
    index += (p - q) * std::log(p / q);
  }
  return index;
}

double population_stability_threshold(double n, double m, double bins, double alpha) {
  return (1 / n + 1 / m) * chi_square_critical(alpha, bins - 1);
}

double population_stability_p_value(double index, double n, double m, double bins) {
  return chi_square_tail(index / (1 / n + 1 / m), bins - 1);
}

} // namespace weir::core
