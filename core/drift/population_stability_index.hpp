#pragma once

#include <cstdint>
#include <span>

namespace weir::core {

/// The population stability index of two histograms over the same bins: the sum of (p - q) ln(p / q). An empty bin
/// counts as a share of 0.0001, or, where the least share of that histogram's other bins is no larger than this, of a
/// millionth of that one: as evidently smooths it. 0 where a histogram has nothing in it.
/// @param reference,window counts, as many as there are bins
double population_stability_index(std::span<const std::uint64_t> reference, std::span<const std::uint64_t> window);

/// What the index stays below with a probability of 1 - alpha while nothing has changed, by the sizes of both:
/// (1/n + 1/m) times the critical value of chi-square with B - 1 degrees of freedom (Yurdakul 2018). The fixed
/// thresholds of practice, 0.1 and 0.2, are passed by chance alone where there are few values. The approximation needs
/// some five values in each bin.
/// @param n,m values of both, 1 at least  @param bins 2 at least
double population_stability_threshold(double n, double m, double bins, double alpha);

/// The p value that belongs to an index, by the same distribution.
double population_stability_p_value(double index, double n, double m, double bins);

} // namespace weir::core
