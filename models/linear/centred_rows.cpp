#include "models/linear/centred_rows.hpp"

#include <cmath>
#include <numeric>
#include <utility>

namespace weir::models {

centred_rows centre(const training_data& data, bool fit_intercept) {
  const auto weights = row_weights(data);
  centred_rows made{.rows = data.rows(), .features = data.features.size()};
  made.weight = std::accumulate(weights.begin(), weights.end(), 0.0);
  made.x.reserve(made.rows * made.features);
  const auto append = [&](const std::vector<double>& values, std::vector<double>& to) {
    const auto mean = fit_intercept ? mean_of(values, weights) : weighted_mean{};
    for (std::size_t r = 0; r < made.rows; ++r)
      to.push_back(std::sqrt(weights[r]) * mean.deviation(values[r]));
    return mean;
  };
  for (const auto& feature : data.features)
    made.x_means.push_back(append(feature, made.x));
  made.y_mean = append(data.target, made.y);
  return made;
}

linear_fit with_intercept(std::vector<double> coefficients, const centred_rows& of) {
  auto intercept = of.y_mean.value();
  for (std::size_t f = 0; f < of.features; ++f)
    intercept -= coefficients[f] * of.x_means[f].value();
  return {std::move(coefficients), intercept};
}

} // namespace weir::models
