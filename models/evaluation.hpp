#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weir::models {

struct row_split {
  std::vector<std::size_t> train; ///< in random order
  std::vector<std::size_t> test;
};

/// Deals rows out at random; the test part gets ceil(rows * test_size). The same seed deals the same way.
/// @pre 0 <= test_size < 1
row_split split_rows(std::size_t rows, double test_size, std::uint64_t seed);

/// How far predictions are from the truth.
struct regression_metrics {
  double r2 = 0;   ///< 1: exact; 0: as good as the mean of `truth`; NaN where `truth` does not vary
  double mae = 0;  ///< mean absolute error
  double rmse = 0; ///< root of the mean squared error
};

/// @pre both have the same size, which is not 0
regression_metrics evaluate(std::span<const double> truth, std::span<const double> predicted);

} // namespace weir::models
