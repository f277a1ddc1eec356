#pragma once

#include "core/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weir::models {

/// What a split asks of a feature x.
enum class tree_test : std::uint8_t {
  less_equal, ///< x <= threshold
  equal,      ///< x == threshold
  member,     ///< whether x is in a set of values
};

/// A split or a leaf of a decision tree.
struct tree_node {
  double threshold = 0;           ///< where the ensemble compares floats, one that a float can hold
  std::uint32_t feature = 0;      ///< which one is compared
  std::uint32_t left = 0;         ///< index in the tree, where the test is true; 0: this is a leaf
  std::uint32_t right = 0;        ///< index in the tree
  std::uint32_t leaf = 0;         ///< of a leaf: which one of the ensemble
  bool missing_goes_left = false; ///< where NaN goes; right, unless a file says otherwise
  tree_test test = tree_test::less_equal;
  std::uint32_t set = 0; ///< of a test of membership: which of the ensemble's sets

  bool is_leaf() const noexcept { return left == 0; }
};

/// The root is the first node.
using decision_tree = std::vector<tree_node>;

struct leaf_value {
  std::uint32_t output = 0;
  double value = 0;
};

/// What becomes of the values of all leaves that a row falls into, for each output.
enum class aggregation : std::uint8_t { sum, average, min, max };

/// Trees whose leaves are taken together: what trainers make, files hold and a forest is flattened from.
struct tree_ensemble {
  std::size_t features = 0;
  std::size_t outputs = 1;
  bool compares_doubles = false; ///< features are doubles; else floats, as in scikit-learn
  aggregation aggregate = aggregation::sum;
  std::vector<decision_tree> trees;
  std::vector<std::uint32_t> leaf_begins{0}; ///< leaf i has the values from leaf_begins[i] to leaf_begins[i + 1]
  std::vector<leaf_value> leaf_values;       ///< none for an output: as if the tree were not there
  std::vector<std::vector<double>> sets;     ///< ascending
  std::vector<std::vector<float>> covers;    ///< of each node, how many rows of the training data went through it, or
                                             ///< their weight; empty: that is not known

  std::size_t leaves() const noexcept { return leaf_begins.size() - 1; }

  std::span<const leaf_value> leaf(std::size_t i) const noexcept {
    return std::span{leaf_values}.subspan(leaf_begins[i], leaf_begins[i + 1] - leaf_begins[i]);
  }

  /// Returns its number. @param values one for each output; among several those that are 0 take no place
  std::uint32_t add_leaf(std::span<const double> values) {
    for (std::size_t k = 0; k < values.size(); ++k)
      if (values.size() == 1 || values[k] != 0)
        leaf_values.push_back({static_cast<std::uint32_t>(k), values[k]});
    leaf_begins.push_back(static_cast<std::uint32_t>(leaf_values.size()));
    return static_cast<std::uint32_t>(leaf_begins.size() - 2);
  }
};

/// Whether every index is in its range, every tree is one (no cycles, no node with two parents, none without) and
/// every threshold a number. The error names tree and node.
core::result<void> check(const tree_ensemble& ensemble);

} // namespace weir::models
