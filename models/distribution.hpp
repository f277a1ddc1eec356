#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace weir::models {

/// How numbers are spread: what drift is measured against.
struct distribution {
  static constexpr std::size_t deciles = 11;

  std::size_t count = 0; ///< of those that are there
  double missing = 0;    ///< share of NaN
  double mean = 0;
  double deviation = 0;                    ///< of a sample (n - 1); 0 for a single one
  std::array<double, deciles> quantiles{}; ///< from the least value to the largest, in tenths; linear in between
};

/// Means by Welford (1962), so that an offset costs no digits; the quantiles are exact.
distribution describe(std::span<const double> values);

} // namespace weir::models
