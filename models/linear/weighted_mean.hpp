#pragma once

#include "models/training_data.hpp"

#include <span>
#include <vector>

namespace weir::models {

/// A mean in two parts, one of them a value that it was made of. So deviations keep their digits however far from 0 the
/// values are, and those of a constant are exactly 0.
struct weighted_mean {
  double base = 0;
  double rest = 0;

  double value() const noexcept { return base + rest; }
  double deviation(double x) const noexcept { return (x - base) - rest; }
};

/// @pre both have the same size, and a weight is above 0
weighted_mean mean_of(std::span<const double> values, std::span<const double> weights);

/// The mean of squared deviations. @pre as mean_of()
double variance_of(std::span<const double> values, std::span<const double> weights, const weighted_mean& mean);

/// The weights of all rows.
std::vector<double> row_weights(const training_data& data);

} // namespace weir::models
