#pragma once

#include "core/base/result.hpp"
#include "models/training_data.hpp"

#include <vector>

namespace weir::models {

/// Named as in scikit-learn's GaussianNB, with its defaults.
struct gaussian_nb_options {
  double var_smoothing = 1e-9; ///< share of the largest variance of a feature that all variances grow by
};

/// What the rows of a class are like.
struct gaussian_class {
  double prior = 0;          ///< share of the weights
  std::vector<double> means; ///< by feature
  std::vector<double> variances;
};

/// Gaussian naive Bayes: in each class each feature has a normal distribution of its own. Fails when check_classes()
/// does, var_smoothing is negative, or a variance is 0.
core::result<std::vector<gaussian_class>> fit_gaussian_nb(const training_data& data,
                                                          const gaussian_nb_options& options);

} // namespace weir::models
