#pragma once

#include "core/base/result.hpp"
#include "models/kernel/kernel_function.hpp"

#include <cstddef>
#include <vector>

namespace weir::models {

/// The most steps that the solver of support vectors makes, unless `max_iter` says otherwise: as many as LIBSVM's.
inline constexpr std::size_t usual_solver_steps = 10'000'000;

/// What all support vector machines solve: the least of `a'Qa / 2 + linear'a` where `Q[i][j]` is `signs[i] * signs[j] *
/// K(rows[row_of[i]], rows[row_of[j]])`, `signs'a` is `sum`, and each a is from 0 to the bound of its sign.
struct dual_problem {
  const dense_rows& rows;
  kernel_function kernel;
  std::vector<std::size_t> row_of; ///< by variable
  std::vector<double> signs;       ///< 1 or -1
  std::vector<double> linear;
  double sum = 0;
  double bound_of_positive = 1;
  double bound_of_negative = 1;
  double tol = 1e-3; ///< how far the gradients of two variables may disagree
  std::size_t max_iter = usual_solver_steps;
};

struct dual_solution {
  std::vector<double> alphas;
  double rho = 0; ///< what is taken off the sum over the rows
};

/// Solves it by dlib's sequential minimal optimisation (Fan, Chen and Lin 2005), as LIBSVM does. Columns of Q are kept
/// in a cache of bounded size. Fails when it does not settle in max_iter steps.
/// @pre there is a variable, all numbers are finite, bounds and tol are above 0, and `sum` can be reached
core::result<dual_solution> solve(const dual_problem& problem);

} // namespace weir::models
