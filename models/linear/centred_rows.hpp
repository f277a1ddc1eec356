#pragma once

#include "models/linear/linear_fit.hpp"
#include "models/linear/weighted_mean.hpp"
#include "models/training_data.hpp"

#include <cstddef>
#include <vector>

namespace weir::models {

/// Rows for a fit of least squares: features and target around their means, each row times the root of its weight.
struct centred_rows {
  std::size_t rows = 0;
  std::size_t features = 0;
  std::vector<double> x{}; ///< feature by feature
  std::vector<double> y{};
  std::vector<weighted_mean> x_means{}; ///< 0 without an intercept
  weighted_mean y_mean{};
  double weight = 0; ///< of all rows
};

/// @param fit_intercept false: they stay around 0 @pre check_values(data)
centred_rows centre(const training_data& data, bool fit_intercept);

/// The fit that these coefficients make of rows that were centred.
linear_fit with_intercept(std::vector<double> coefficients, const centred_rows& of);

} // namespace weir::models
