#pragma once

#include "models/model_definition.hpp"
#include "models/tree_ensemble.hpp"

#include <cstdint>
#include <vector>

namespace weir::models {

/// What becomes of the sums over the trees, as ONNX defines it.
enum class post_transform : std::uint8_t { none, logistic, softmax };

/// A tree ensemble and what its sums mean. Its model walks a forest.
struct tree_model final : model_definition {
  tree_ensemble ensemble;
  std::vector<double> base_values; ///< what the sums begin with: empty, or one for each output
  post_transform transform = post_transform::none;
  /// A classifier of two classes whose trees give one value: it speaks for the second class, which is chosen above 0.5
  /// where all leaves are positive, as shares are, and otherwise above 0.
  bool leaves_are_shares = false;

  std::size_t features() const noexcept override { return ensemble.features; }

  /// @pre check(ensemble)
  core::result<std::shared_ptr<const model>> make_model(std::string version) const override;
};

} // namespace weir::models
