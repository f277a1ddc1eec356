#pragma once

#include "core/base/result.hpp"
#include "models/linear/linear_fit.hpp"
#include "models/training_data.hpp"

namespace weir::models {

/// Named as in scikit-learn's LinearRegression, with its defaults.
struct linear_regression_options {
  bool fit_intercept = true;
};

/// Ordinary least squares: least `sum(weight * (y - prediction)^2)`. Where features depend on each other, of all such
/// coefficients those of least length (by the singular value decomposition; Golub and Van Loan 2013, 5.5). They depend
/// where they do but for rounding, as in scipy's lstsq; the tol of scikit-learn is coarser. Fails when check_values()
/// does.
core::result<linear_fit> fit_linear_regression(const training_data& data, const linear_regression_options& options);

/// Named as in scikit-learn's Ridge, with its defaults.
struct ridge_options {
  double alpha = 1;
  bool fit_intercept = true;
};

/// Ridge regression (Hoerl and Kennard 1970): least `sum(weight * (y - prediction)^2) + alpha * |coefficients|^2`.
/// Fails when check_values() does, or alpha is negative.
core::result<linear_fit> fit_ridge(const training_data& data, const ridge_options& options);

} // namespace weir::models
