#pragma once

#include "cli/feature_reader.hpp"
#include "models/curves.hpp"
#include "models/model.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace weir::cli {

/// What a model predicts on average when one feature has a given value in all rows (Friedman 2001).
struct partial_dependence {
  std::string feature;
  std::vector<std::vector<models::curve_point>> means; ///< one for what is predicted, or one for each class
};

/// Of a classifier the probabilities are meant, of two classes that of the second.
/// @param sample rows whose other features stay as they are
/// Nothing where the model has no numbers to show, or the feature has less than two values.
std::vector<partial_dependence> find_dependences(const models::model& of,
                                                 const std::vector<std::vector<feature_value>>& sample,
                                                 const std::vector<std::size_t>& features);

/// What the model's file says of its features (metadata `importances`, a JSON object of shares), the largest first.
/// Empty where it says nothing.
std::vector<std::pair<std::string, double>> importances_of(const models::model& of);

/// Features that are numbers and no codes: the most important ones, else the first.
std::vector<std::size_t> features_to_show(const models::model& of, const feature_reader& reader, std::size_t most);

} // namespace weir::cli
