#pragma once

#include "models/online/learner.hpp"

#include <cstddef>

namespace weir::models::online {

struct least_squares {
  double forgetting_factor = 1; ///< what a row weighs less with each one behind it; 1: all weigh alike
  double alpha = 0.001;         ///< draws weights to 0, as ridge regression: so much of the square of each is added
  bool fit_intercept = true;
};

/// The weights for which the squares of all errors so far are least, exactly, by the recursion over the inverse of the
/// inputs' products (Plackett 1950; with forgetting, Haykin, Adaptive Filter Theory). Takes time and room by the square
/// of the inputs.
/// @param inputs 1 at least
learner_ptr recursive_least_squares(std::size_t inputs, const least_squares& how);

} // namespace weir::models::online
