#pragma once

#include "core/base/result.hpp"
#include "models/linear/linear_fit.hpp"
#include "models/training_data.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace weir::models {

/// Named as in scikit-learn's LogisticRegression, with its defaults. There is no tol: the fit is exact.
struct logistic_regression_options {
  double C = 1; ///< the less, the more coefficients are drawn to 0
  bool fit_intercept = true;
  std::string class_weight{}; ///< as in weights_of_classes()
  std::size_t max_iter = 100; ///< steps of Newton's method
};

/// Logistic regression: least `C * sum(-weight * ln(probability of the truth)) + |coefficients|^2 / 2`, by Newton's
/// method; more than 1,000 coefficients take its steps by conjugate gradients (Nocedal and Wright 2006, 7.1). Fails
/// when check_classes() does, an option is out of its range, or max_iter steps do not find the least.
/// @returns of two classes one fit, the log-odds of the second; of more one for each class, whose shares of exp() are
/// the probabilities
core::result<std::vector<linear_fit>> fit_logistic_regression(const training_data& data,
                                                              const logistic_regression_options& options);

} // namespace weir::models
