#include "models/kernel/kernel_function.hpp"

#include "core/base/read_number.hpp"
#include "models/linear/weighted_mean.hpp"
#include "models/online/sums.hpp"

#include <cmath>

namespace weir::models {

namespace {

double variance_of_all(const dense_rows& rows) {
  const std::vector<double> weights(rows.values.size(), 1.0);
  return variance_of(rows.values, weights, mean_of(rows.values, weights));
}

} // namespace

dense_rows rows_of(const training_data& data) {
  dense_rows made{data.rows(), data.features.size(), std::vector<double>(data.rows() * data.features.size())};
  for (std::size_t f = 0; f < made.features; ++f)
    for (std::size_t r = 0; r < made.count; ++r)
      made.values[r * made.features + f] = static_cast<double>(static_cast<float>(data.features[f][r]));
  return made;
}

std::vector<double> centre(dense_rows& rows) {
  const std::vector<double> weights(rows.count, 1.0);
  std::vector<double> column(rows.count), means;
  for (std::size_t f = 0; f < rows.features; ++f) {
    for (std::size_t r = 0; r < rows.count; ++r)
      column[r] = rows.values[r * rows.features + f];
    const auto mean = mean_of(column, weights);
    for (std::size_t r = 0; r < rows.count; ++r)
      rows.values[r * rows.features + f] = mean.deviation(column[r]);
    means.push_back(mean.value());
  }
  return means;
}

double kernel_function::operator()(const double* a, const double* b, std::size_t features) const noexcept {
  return is_rbf ? std::exp(-gamma * online::square_distance(a, b, features)) : online::dot(a, b, features);
}

core::result<kernel_function> choose_kernel(const std::string& name, const std::string& gamma, const dense_rows& rows) {
  if (name != "rbf" && name != "linear")
    return core::fail("kernel must be rbf or linear, not '" + name + "'");
  kernel_function made{name == "rbf", 1 / static_cast<double>(rows.features)};
  if (gamma == "scale") {
    const auto variance = made.is_rbf ? variance_of_all(rows) : 0;
    made.gamma = variance > 0 ? made.gamma / variance : 1;
  } else if (gamma != "auto") {
    made.gamma = core::read_number<double>(gamma).value_or(0);
    if (!(made.gamma > 0) || std::isinf(made.gamma))
      return core::fail("gamma must be scale, auto or a number above 0, not '" + gamma + "'");
  }
  return made;
}

double kernel_fit::value(const double* row) const noexcept {
  auto sum = intercept;
  for (std::size_t i = 0; i < coefficients.size(); ++i)
    sum += coefficients[i] * kernel(vectors.data() + i * features, row, features);
  return sum;
}

} // namespace weir::models
