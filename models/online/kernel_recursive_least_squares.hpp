#pragma once

#include "models/online/learner.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::models::online {

struct kernel_least_squares {
  double gamma = 1;         ///< how fast the likeness of two rows falls with their distance: exp(-gamma * (a - b)^2)
  double tolerance = 0.001; ///< a row that those in the dictionary make up to this joins it not
  std::uint32_t max_dictionary_size = 100; ///< then the oldest row goes for each that joins
};

/// The most that max_dictionary_size can be.
inline constexpr std::size_t most_dictionary_rows = 1000;

/// Least squares over likenesses to some of the rows so far, the dictionary (Engel, Mannor and Meir 2004: KRLS with
/// sparsification by approximate linear dependence). As dlib's krls, which it gives the same numbers as, it adds 0.01
/// to the kernel, a weak intercept, and forgets the oldest row of a full dictionary. Takes time and room by the square
/// of the dictionary; the state grows with it.
/// @param inputs 1 at least @pre gamma and tolerance are above 0, max_dictionary_size from 1 to most_dictionary_rows
learner_ptr kernel_recursive_least_squares(std::size_t inputs, const kernel_least_squares& how);

} // namespace weir::models::online
