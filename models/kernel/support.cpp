#include "models/kernel/support.hpp"

#include <cmath>
#include <string>

namespace weir::models {

using core::fail;

core::result<void> check_support_rows(const training_data& data) {
  if (data.rows() > most_rows_of_support_vectors)
    return fail("there are " + std::to_string(data.rows()) + " rows, and a support vector machine learns from "
                    + std::to_string(most_rows_of_support_vectors) + " at most",
                {}, "give it a part of the rows, or choose gradient_boosting or a linear kind");
  if (!data.weights.empty())
    return fail("a support vector machine takes no weights of rows", {}, "leave them out");
  return {};
}

core::result<void> check_positive(std::string_view option, double value) {
  if (!(value > 0) || std::isinf(value))
    return fail(std::string{option} + " must be above 0");
  return {};
}

kernel_fit keep_support(const dense_rows& rows, const kernel_function& kernel, const std::vector<double>& coefficients,
                        double intercept) {
  kernel_fit made{kernel, rows.features, {}, {}, intercept};
  const auto keep = [&](std::size_t r) {
    made.vectors.insert(made.vectors.end(), rows.row(r), rows.row(r) + rows.features);
    made.coefficients.push_back(coefficients[r]);
  };
  for (std::size_t r = 0; r < rows.count; ++r)
    if (coefficients[r] != 0)
      keep(r);
  if (made.coefficients.empty())
    keep(0);
  return made;
}

kernel_fit fold_linear(const dense_rows& rows, const std::vector<double>& centres,
                       const std::vector<double>& coefficients, double intercept) {
  kernel_fit made{{.is_rbf = false}, rows.features, std::vector<double>(rows.features), {1}, intercept};
  for (std::size_t r = 0; r < rows.count; ++r)
    for (std::size_t f = 0; f < rows.features; ++f)
      made.vectors[f] += coefficients[r] * rows.row(r)[f];
  for (std::size_t f = 0; f < rows.features; ++f)
    made.intercept -= made.vectors[f] * centres[f];
  return made;
}

} // namespace weir::models
