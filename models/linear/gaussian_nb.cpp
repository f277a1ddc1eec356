#include "models/linear/gaussian_nb.hpp"

#include "models/linear/checks.hpp"
#include "models/linear/weighted_mean.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace weir::models {

namespace {

using core::fail;

/// The weights of a class's rows; those of the others are 0.
std::vector<double> weights_of(const training_data& data, std::size_t k) {
  auto weights = row_weights(data);
  for (std::size_t r = 0; r < data.rows(); ++r)
    if (data.target[r] != static_cast<double>(k))
      weights[r] = 0;
  return weights;
}

/// Rows count alike here, whatever their weights (as in scikit-learn).
double largest_variance(const training_data& data) {
  const std::vector<double> alike(data.rows(), 1);
  double largest = 0;
  for (const auto& values : data.features)
    largest = std::max(largest, variance_of(values, alike, mean_of(values, alike)));
  return largest;
}

gaussian_class describe(const training_data& data, const std::vector<double>& weights, double more) {
  gaussian_class made;
  made.prior = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (const auto& values : data.features) {
    const auto mean = mean_of(values, weights);
    made.means.push_back(mean.value());
    made.variances.push_back(variance_of(values, weights, mean) + more);
  }
  return made;
}

} // namespace

core::result<std::vector<gaussian_class>> fit_gaussian_nb(const training_data& data,
                                                          const gaussian_nb_options& options) {
  if (auto good = check_classes(data); !good)
    return tl::unexpected{good.error()};
  if (!(options.var_smoothing >= 0) || std::isinf(options.var_smoothing))
    return fail("var_smoothing must not be negative");
  const auto more = options.var_smoothing * largest_variance(data);
  std::vector<gaussian_class> made;
  double all = 0;
  for (std::size_t k = 0; k < size_of(*data.labels); ++k) {
    made.push_back(describe(data, weights_of(data, k), more));
    all += made.back().prior;
    const auto& variances = made.back().variances;
    if (const auto none = std::find(variances.begin(), variances.end(), 0); none != variances.end())
      return fail("feature " + std::to_string(none - variances.begin()) + " does not vary within a class", {},
                  more > 0 ? "raise var_smoothing" : "leave it out, or raise var_smoothing");
  }
  for (auto& one : made)
    one.prior /= all;
  return made;
}

} // namespace weir::models
