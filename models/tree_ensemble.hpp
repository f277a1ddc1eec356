#pragma once

#include "core/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir::models {

/// A split or a leaf of a decision tree.
struct tree_node {
  float threshold = 0;            ///< `x <= threshold` goes left; a feature is a float32, as in scikit-learn
  std::uint32_t feature = 0;      ///< which one is compared
  std::uint32_t left = 0;         ///< index in the tree; 0: this is a leaf
  std::uint32_t right = 0;        ///< index in the tree
  std::uint32_t leaf = 0;         ///< of a leaf: which row of `leaf_values`
  bool missing_goes_left = false; ///< where NaN goes; right, unless a file says otherwise

  bool is_leaf() const noexcept { return left == 0; }
};

/// The root is the first node.
using decision_tree = std::vector<tree_node>;

/// Trees whose leaves are summed up: what trainers make, files hold and a forest is flattened from.
struct tree_ensemble {
  std::size_t features = 0;
  std::size_t outputs = 1; ///< values of a leaf: 1, or one for each class
  std::vector<decision_tree> trees;
  std::vector<float> leaf_values; ///< rows of `outputs`
};

/// Whether every index is in its range, every tree is one (no cycles, no node with two parents, none without) and
/// every threshold a number. The error names tree and node.
core::result<void> check(const tree_ensemble& ensemble);

} // namespace weir::models
