#pragma once

#include "models/ordinal_encoder.hpp"
#include "models/tree_ensemble.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace weir::models {

/// What becomes of the sums over the trees, as ONNX defines it.
enum class post_transform : std::uint8_t { none, logistic, softmax };

/// A tree ensemble and what its sums mean: what a model file holds.
struct tree_model {
  /// Of a classifier, one for each class. A regressor has none.
  using class_labels = std::variant<std::vector<std::int64_t>, std::vector<std::string>>;

  tree_ensemble ensemble;
  std::vector<double> base_values; ///< what the sums begin with: empty, or one for each output
  post_transform transform = post_transform::none;
  bool is_classifier = false;
  class_labels labels;
  /// A classifier of two classes whose trees give one value: it speaks for the second class, which is chosen above 0.5
  /// where all leaves are positive, as shares are, and otherwise above 0.
  bool leaves_are_shares = false;

  std::vector<std::string> feature_names; ///< empty when the file has none
  std::vector<ordinal_encoder> encoders;  ///< of text features, in the order of the features

  std::size_t classes() const noexcept {
    return std::visit([](const auto& values) { return values.size(); }, labels);
  }
};

} // namespace weir::models
