#pragma once

#include "core/base/result.hpp"
#include "models/training_data.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace weir::models {

/// Rows one after the other, each number rounded to float32: as a model takes them that is read from its file.
struct dense_rows {
  std::size_t count = 0;
  std::size_t features = 0;
  std::vector<double> values;

  const double* row(std::size_t index) const noexcept { return values.data() + index * features; }
};

/// @pre check(data)
dense_rows rows_of(const training_data& data);

/// Takes the mean off each feature. @returns the means
std::vector<double> centre(dense_rows& rows);

/// How alike two rows are: `exp(-gamma * (a - b)^2)`, or the product of both.
struct kernel_function {
  bool is_rbf = true;
  double gamma = 1;

  double operator()(const double* a, const double* b, std::size_t features) const noexcept;
};

/// What scikit-learn means by these words. @param name `rbf` or `linear`
/// @param gamma `scale`: 1 over the number of features and the variance of all values, 1 where that is 0; `auto`: 1
/// over the number of features; or a number above 0
core::result<kernel_function> choose_kernel(const std::string& name, const std::string& gamma, const dense_rows& rows);

/// What a kernel machine learned: it says `sum(coefficients[i] * K(vectors[i], x)) + intercept`.
struct kernel_fit {
  kernel_function kernel;
  std::size_t features = 0;
  std::vector<double> vectors;      ///< rows that speak, one after the other; there is one at least
  std::vector<double> coefficients; ///< of these
  double intercept = 0;

  /// @param row of `features` numbers
  double value(const double* row) const noexcept;
};

} // namespace weir::models
