#pragma once

#include "core/base/result.hpp"
#include "models/linear/linear_fit.hpp"
#include "models/training_data.hpp"

#include <cstddef>

namespace weir::models {

/// Named as in scikit-learn's ElasticNet, with its defaults. There is no tol: the fit is exact.
struct elastic_net_options {
  double alpha = 1;
  double l1_ratio = 0.5;
  bool fit_intercept = true;
  std::size_t max_iter = 1000; ///< passes over the features
};

/// Named as in scikit-learn's Lasso, with its defaults: an elastic net whose l1_ratio is 1.
struct lasso_options {
  double alpha = 1;
  bool fit_intercept = true;
  std::size_t max_iter = 1000;
};

/// The elastic net (Zou and Hastie 2005): least `mean((y - prediction)^2) / 2 + alpha * (l1_ratio * sum(|c|) + (1 -
/// l1_ratio) / 2 * sum(c^2))` over the coefficients c, the mean by the rows' weights. Coordinate descent (Friedman,
/// Hastie and Tibshirani 2010) finds which coefficients are not 0, a system of equations then what they are. Fails when
/// check_values() does, an option is out of its range, or max_iter passes do not find the least.
core::result<linear_fit> fit_elastic_net(const training_data& data, const elastic_net_options& options);

/// The lasso (Tibshirani 1996).
core::result<linear_fit> fit_lasso(const training_data& data, const lasso_options& options);

} // namespace weir::models
