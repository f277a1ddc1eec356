#pragma once

#include "core/base/result.hpp"
#include "models/kernel/kernel_function.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace weir::models {

/// The most rows that a support vector machine learns from: its time grows with their square at least.
inline constexpr std::size_t most_rows_of_support_vectors = 50'000;

/// Fails where there are more rows than most_rows_of_support_vectors, or they have weights.
core::result<void> check_support_rows(const training_data& data);

/// Fails unless it is above 0 and finite.
core::result<void> check_positive(std::string_view option, double value);

/// The rows whose coefficient is not 0; where all are, one of them.
kernel_fit keep_support(const dense_rows& rows, const kernel_function& kernel, const std::vector<double>& coefficients,
                        double intercept);

/// With the linear kernel the sum over all rows is one vector. @param centres that the rows had before centre()
kernel_fit fold_linear(const dense_rows& rows, const std::vector<double>& centres,
                       const std::vector<double>& coefficients, double intercept);

} // namespace weir::models
