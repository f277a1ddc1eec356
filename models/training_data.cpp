#include "models/training_data.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace weir::models {

using core::fail;

core::result<void> check(const training_data& data) {
  if (data.rows() == 0)
    return fail("there are no rows to learn from");
  if (data.rows() > std::numeric_limits<std::uint32_t>::max())
    return fail("there are too many rows");
  if (data.feature_count() == 0)
    return fail("there are no features to learn from");
  const auto classes = data.labels == nullptr ? 0 : size_of(*data.labels);
  if (data.has_target() && data.target.size() != data.rows())
    return fail("there are " + std::to_string(data.target.size()) + " targets for " + std::to_string(data.rows())
                + " rows");
  for (std::size_t r = 0; r < data.target.size(); ++r) {
    if (!std::isfinite(data.target[r]))
      return fail("the target of row " + std::to_string(r) + " is not finite", {}, "drop rows with missing values");
    if (data.labels != nullptr && !(data.target[r] >= 0 && data.target[r] < static_cast<double>(classes)))
      return fail("the target of row " + std::to_string(r) + " is none of the classes");
  }
  for (std::size_t f = 0; f < data.features.size(); ++f) {
    const auto& values = data.features[f];
    if (values.size() != data.rows())
      return fail("feature " + std::to_string(f) + " has " + std::to_string(values.size()) + " values for "
                  + std::to_string(data.rows()) + " rows");
    const auto bad =
        std::find_if(values.begin(), values.end(), [](double x) { return std::isinf(static_cast<float>(x)); });
    if (bad != values.end())
      return fail("feature " + std::to_string(f) + " of row " + std::to_string(bad - values.begin())
                      + " is not a finite float32",
                  {}, "drop rows with missing values");
  }
  if (!data.weights.empty()) {
    if (data.weights.size() != data.rows())
      return fail("there are " + std::to_string(data.weights.size()) + " weights for " + std::to_string(data.rows())
                  + " rows");
    double all = 0;
    for (std::size_t r = 0; r < data.rows(); ++r) {
      if (!(data.weights[r] >= 0) || std::isinf(data.weights[r]))
        return fail("the weight of row " + std::to_string(r) + " is negative or not finite");
      all += data.weights[r];
    }
    if (!(all > 0))
      return fail("all weights are 0");
  }
  return {};
}

core::result<void> check_nothing_is_missing(const training_data& data) {
  if (data.bins != nullptr)
    return fail("this kind of model does not learn from bins", {}, "choose trees");
  for (std::size_t f = 0; f < data.features.size(); ++f) {
    const auto& values = data.features[f];
    const auto bad = std::find_if(values.begin(), values.end(), [](double x) { return x != x; });
    if (bad != values.end())
      return fail("feature " + std::to_string(f) + " of row " + std::to_string(bad - values.begin()) + " is missing",
                  {}, "drop rows with missing values, or impute them");
  }
  return {};
}

} // namespace weir::models
