#pragma once

#include "core/base/result.hpp"
#include "models/graph/tensor.hpp"
#include "models/ordinal_encoder.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace weir::models {

class binned_features;

/// A feature whose values are the codes 0, 1, ... of categories, which have no order. NaN: missing, or none of those
/// that have a code.
struct category_feature {
  std::size_t feature = 0;
  std::vector<float> numbers{}; ///< by code, where the feature is one of numbers; empty: its encoder has its texts
};

/// Rows to learn from, feature by feature.
struct training_data {
  std::vector<std::vector<double>> features;    ///< each as long as `target`; NaN is a missing value
  std::vector<double> target;                   ///< of classes: which of `labels`; empty: there is none
  std::vector<std::string> feature_names{};     ///< empty: they have none
  std::vector<ordinal_encoder> encoders{};      ///< what made numbers of texts, in the order of the features
  std::vector<double> weights{};                ///< of the rows; empty: all are 1
  std::shared_ptr<const class_labels> labels{}; ///< null: this is a regression
  /// By feature: what stands in `features` for missing values, of a text a code, and goes into the file; NaN: nothing
  /// does. Empty: nothing does for any.
  std::vector<double> fills{};
  std::vector<category_feature> categories{}; ///< as encode_categories() makes them; trees alone take them
  /// Of features that are too many to be held as numbers: `features` is empty then, and trees alone take them.
  std::shared_ptr<const binned_features> bins{}; ///< by `feature_names`

  std::size_t feature_count() const noexcept { return bins != nullptr ? feature_names.size() : features.size(); }
  std::size_t rows() const noexcept { return features.empty() ? target.size() : features.front().size(); }
  bool has_target() const noexcept { return !target.empty(); }
  const category_feature* find_category(std::size_t feature) const noexcept {
    const auto found = std::ranges::find(categories, feature, &category_feature::feature);
    return found == categories.end() ? nullptr : &*found;
  }
  double weight(std::size_t row) const noexcept { return weights.empty() ? 1 : weights[row]; }
};

/// Whether there are rows and features of one length, targets are finite, classes are known, and weights are not
/// negative. Values are finite, or missing. The error names the feature and the row.
core::result<void> check(const training_data& data);

/// Fails where a value is missing: for trainers that cannot do without.
core::result<void> check_nothing_is_missing(const training_data& data);

} // namespace weir::models
