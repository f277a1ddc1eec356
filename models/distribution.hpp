#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weir::models {

/// How numbers are spread: what drift is measured against.
struct distribution {
  static constexpr std::size_t deciles = 11;

  std::size_t count = 0; ///< of those that are there
  double missing = 0;    ///< share of NaN
  double mean = 0;
  double deviation = 0;                    ///< of a sample (n - 1); 0 for a single one
  std::array<double, deciles> quantiles{}; ///< from the least value to the largest, in tenths; linear in between
  std::vector<double> edges;               ///< between bins: the values at or behind the deciles, each once
  std::vector<std::uint64_t> counts;       ///< of the bins, one more than edges; a value at an edge is behind it
};

/// Means by Welford (1962), so that an offset costs no digits; the quantiles are exact.
distribution describe(std::span<const double> values);

} // namespace weir::models
