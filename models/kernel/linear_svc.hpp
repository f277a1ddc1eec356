#pragma once

#include "core/base/result.hpp"
#include "models/linear/linear_fit.hpp"
#include "models/training_data.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace weir::models {

/// Named as in scikit-learn's LinearSVC(loss='hinge'), with its defaults, but for max_iter.
struct linear_svc_options {
  double C = 1;
  std::string class_weight; ///< as in weights_of_classes()
  double tol = 1e-4;
  std::size_t max_iter = 0; ///< passes over the rows; 0: as many as 500,000,000 products make, 1,000 at least
};

/// Of two classes one fit, whose value is above 0 for the second; of more one for each class against the rest: the
/// class with the largest is said. Least is `(sum(c^2) + intercept^2) / 2 + C * sum(max(0, 1 - y * value))`: the
/// intercept is drawn to 0 too, as scikit-learn's is (intercept_scaling = 1) and dlib's. Found by dlib's dual
/// coordinate descent (Hsieh et al. 2008), the method of LIBLINEAR. Fails when check_classes() does, rows have weights,
/// an option is out of its range, or these passes leave the objective more than a thousandth above its least.
core::result<std::vector<linear_fit>> fit_linear_svc(const training_data& data, const linear_svc_options& options);

} // namespace weir::models
