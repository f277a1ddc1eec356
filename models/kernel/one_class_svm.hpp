#pragma once

#include "models/kernel/dual_solver.hpp"

#include <cstddef>
#include <string>

namespace weir::models {

/// Named as in scikit-learn's OneClassSVM, with its defaults, but for max_iter, which has a bound.
struct one_class_svm_options {
  std::string kernel = "rbf";
  std::string gamma = "scale";
  double nu = 0.5;
  double tol = 1e-3;
  std::size_t max_iter = usual_solver_steps;
};

/// What is usual (Schölkopf et al. 2001): its value is above 0 where rows are dense, and below for a share of about nu
/// of the rows that it learned from. Fails when check(), check_nothing_is_missing() or check_support_rows() does, an
/// option is out of its range, or the solver does not settle.
core::result<kernel_fit> fit_one_class_svm(const training_data& data, const one_class_svm_options& options);

} // namespace weir::models
