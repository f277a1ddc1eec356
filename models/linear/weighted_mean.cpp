#include "models/linear/weighted_mean.hpp"

#include <algorithm>

namespace weir::models {

weighted_mean mean_of(std::span<const double> values, std::span<const double> weights) {
  const auto first = std::find_if(weights.begin(), weights.end(), [](double w) { return w > 0; });
  const auto base = values[static_cast<std::size_t>(first - weights.begin())];
  double sum = 0, all = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    sum += weights[i] * (values[i] - base);
    all += weights[i];
  }
  return {base, sum / all};
}

double variance_of(std::span<const double> values, std::span<const double> weights, const weighted_mean& mean) {
  double sum = 0, all = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto off = mean.deviation(values[i]);
    sum += weights[i] * off * off;
    all += weights[i];
  }
  return sum / all;
}

std::vector<double> row_weights(const training_data& data) {
  return data.weights.empty() ? std::vector<double>(data.rows(), 1) : data.weights;
}

} // namespace weir::models
