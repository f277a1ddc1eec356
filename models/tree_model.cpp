#include "models/tree_model.hpp"

#include "models/forest.hpp"
#include "models/model.hpp"

#include <algorithm>
#include <cmath>

namespace weir::models {

namespace {

double logistic(double x) noexcept {
  return 1 / (1 + std::exp(-x));
}

void softmax(double* values, std::size_t count) noexcept {
  const auto largest = *std::max_element(values, values + count);
  double sum = 0;
  for (std::size_t k = 0; k < count; ++k)
    sum += values[k] = std::exp(values[k] - largest);
  for (std::size_t k = 0; k < count; ++k)
    values[k] /= sum;
}

/// Scores with a forest.
class forest_model final : public model {
public:
  forest_model(forest trees, const tree_model& from, std::string version) :
      model{from, trees.features(), std::move(version)}, forest_{std::move(trees)}, base_values_{from.base_values},
      transform_{from.transform}, leaves_are_shares_{from.leaves_are_shares} {}

  void predict(const float* columns, std::size_t stride, std::size_t rows, double* values,
               double* probabilities) const override {
    const auto base = base_values_.empty() ? 0 : base_values_.front();
    if (!is_classifier()) {
      forest_.predict(columns, stride, rows, values);
      for (std::size_t r = 0; r < rows; ++r)
        values[r] = transform_ == post_transform::logistic ? logistic(base + values[r]) : base + values[r];
      return;
    }
    const auto outputs = forest_.outputs();
    thread_local std::vector<double> sums;
    if (sums.size() < rows * outputs)
      sums.resize(rows * outputs);
    forest_.predict(columns, stride, rows, sums.data());
    double probability = 0;
    for (std::size_t r = 0; r < rows; ++r)
      if (outputs == 1)
        decide_between_two(base + sums[r], values[r], probabilities == nullptr ? probability : probabilities[r]);
      else
        decide(sums.data() + r * outputs, values[r], probabilities == nullptr ? probability : probabilities[r]);
  }

private:
  void decide_between_two(double score, double& value, double& probability) const {
    value = score > (leaves_are_shares_ ? 0.5 : 0.0) ? 1 : 0;
    probability = transform_ == post_transform::logistic ? logistic(score) : score;
  }

  void decide(double* sums, double& value, double& probability) const {
    const auto outputs = forest_.outputs();
    for (std::size_t k = 0; k < base_values_.size(); ++k)
      sums[k] += base_values_[k];
    const auto chosen = static_cast<std::size_t>(std::max_element(sums, sums + outputs) - sums);
    value = static_cast<double>(chosen);
    if (transform_ == post_transform::softmax)
      softmax(sums, outputs);
    const auto shown = sums[outputs == 2 ? 1 : chosen];
    probability = transform_ == post_transform::logistic ? logistic(shown) : shown;
  }

  forest forest_;
  std::vector<double> base_values_;
  post_transform transform_;
  bool leaves_are_shares_;
};

} // namespace

core::result<model_ptr> tree_model::make_model(std::string version) const {
  return forest::make(ensemble).map([&](forest&& trees) -> model_ptr {
    return std::make_shared<const forest_model>(std::move(trees), *this, std::move(version));
  });
}

} // namespace weir::models
