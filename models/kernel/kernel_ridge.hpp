#pragma once

#include "models/kernel/kernel_function.hpp"

#include <string>

namespace weir::models {

/// The most rows that a ridge over a kernel learns from: it holds a number for each two of them, and its time grows
/// with their cube.
inline constexpr std::size_t most_rows_of_kernel_ridge = 10'000;

/// Named as in scikit-learn's KernelRidge, with its defaults: there is no intercept.
struct kernel_ridge_options {
  std::string kernel = "linear";
  std::string gamma = "auto";
  double alpha = 1;
};

/// The ridge over a kernel (Saunders, Gammerman and Vovk 1998): coefficients are `(K + alpha / weight)^-1 y`, by a
/// Cholesky decomposition in Eigen. dlib's krr_trainer is not used: it approximates the rows by a basis and its penalty
/// leaves an intercept out, so it does not give scikit-learn's numbers. With the linear kernel it is fit_ridge()
/// without an intercept, for any number of rows, and there is one vector, the coefficients of the features. Fails when
/// check_values() does, there are too many rows, an option is out of its range, alpha is so small that the rows cannot
/// be told apart, or coefficients are so large that float32, which the file holds, would blur the predictions by more
/// than a thousandth of the target's deviation.
core::result<kernel_fit> fit_kernel_ridge(const training_data& data, const kernel_ridge_options& options);

} // namespace weir::models
