#pragma once

#include "models/kernel/dual_solver.hpp"

#include <cstddef>
#include <string>

namespace weir::models {

/// Named as in scikit-learn's SVR, with its defaults, but for max_iter, which has a bound.
struct svr_options {
  std::string kernel = "rbf";
  std::string gamma = "scale";
  double C = 1;
  double epsilon = 0.1;
  double tol = 1e-3;
  std::size_t max_iter = usual_solver_steps;
};

/// Epsilon support vector regression (Drucker et al. 1997): an error counts by what it is more than epsilon. With the
/// linear kernel there is one vector, the coefficients of the features. Fails when check_values() or
/// check_support_rows() does, an option is out of its range, or the solver does not settle.
core::result<kernel_fit> fit_svr(const training_data& data, const svr_options& options);

} // namespace weir::models
