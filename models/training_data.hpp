#pragma once

#include "core/base/result.hpp"
#include "models/graph/tensor.hpp"
#include "models/ordinal_encoder.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace weir::models {

class binned_features;

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
  /// Of features that are too many to be held as numbers: `features` is empty then, and trees alone take them.
  std::shared_ptr<const binned_features> bins{}; ///< by `feature_names`

  std::size_t feature_count() const noexcept { return bins != nullptr ? feature_names.size() : features.size(); }
  std::size_t rows() const noexcept { return features.empty() ? target.size() : features.front().size(); }
  bool has_target() const noexcept { return !target.empty(); }
  double weight(std::size_t row) const noexcept { return weights.empty() ? 1 : weights[row]; }
};

/// Whether there are rows and features of one length, targets are finite, classes are known, and weights are not
/// negative. Values are finite, or missing. The error names the feature and the row.
core::result<void> check(const training_data& data);

/// Fails where a value is missing: for trainers that cannot do without.
core::result<void> check_nothing_is_missing(const training_data& data);

} // namespace weir::models
