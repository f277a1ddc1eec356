#pragma once

#include "models/kernel/dual_solver.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace weir::models {

/// Named as in scikit-learn's SVC, with its defaults, but for max_iter, which has a bound.
struct svc_options {
  std::string kernel = "rbf";
  std::string gamma = "scale";
  double C = 1;
  std::string class_weight; ///< as in weights_of_classes()
  double tol = 1e-3;
  std::size_t max_iter = usual_solver_steps;
};

/// What decides between each two classes, as LIBSVM lays it out: pairs are (0, 1), (0, 2), ..., (1, 2), ... A sum above
/// 0 is a vote for the first of a pair, and the class with the most votes, of such the first, is said.
struct pairwise_fit {
  kernel_function kernel;
  std::size_t features = 0;
  std::vector<std::size_t> per_class; ///< how many vectors each class has; they stand class by class
  std::vector<double> vectors;        ///< one after the other
  /// Of each vector so many as there are other classes: what it counts against the j-th of them is in the j-th list.
  std::vector<std::vector<double>> coefficients;
  std::vector<double> intercepts; ///< by pair

  std::size_t classes() const noexcept { return per_class.size(); }
  /// The sums of all pairs. @param row of `features` numbers
  std::vector<double> decide(const double* row) const;
};

/// Support vector classification (Cortes and Vapnik 1995), one against one. Probabilities are not learned: what it says
/// of a row is a class, and how far from each border it lies. Fails when check_classes() or check_support_rows() does,
/// an option is out of its range, or the solver does not settle.
core::result<pairwise_fit> fit_svc(const training_data& data, const svc_options& options);

} // namespace weir::models
