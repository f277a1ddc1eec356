#pragma once

#include "models/training_data.hpp"
#include "models/tree_ensemble.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <span>
#include <vector>

namespace weir::models {

/// How a tree grows. Named as in scikit-learn.
struct growth {
  std::size_t max_depth = 0;      ///< 0: as deep as the data goes
  std::size_t max_leaf_nodes = 0; ///< the best split of all first, up to so many leaves; 0: all that there are
  std::size_t min_samples_split = 2;
  std::size_t min_samples_leaf = 1;
  double min_weight_leaf = 0;        ///< least sum of weights (of second derivatives)
  double l2 = 0;                     ///< added to the sum of weights
  std::size_t features_of_split = 0; ///< drawn at random for each split; 0: all
  bool random_thresholds = false;    ///< one border a feature, drawn at random (Geurts 2006)
  std::vector<bool> categorical{};   ///< by feature: its bins have no order; empty: all have one
  double category_support = 0;       ///< so many rows must a category have to be told from others
  std::vector<int> monotonic{};      ///< by feature: 1 rises, -1 falls, 0 free; empty: all free
};

/// What a row of a regression brings along: a weighted target and its weight, or first and second derivatives.
struct row_gradient {
  float sum = 0;
  float weight = 0;
};

/// What a row of a classification brings along.
struct row_class {
  std::uint32_t which = 0;
  float weight = 0;
};

/// A tree, and which rows each of its leaves has.
struct grown_tree {
  struct leaf {
    std::size_t begin = 0; ///< in the order of the rows
    std::size_t end = 0;
    std::vector<double> values; ///< the mean (of a regression), or the share of each class
  };

  decision_tree nodes; ///< tree_node::leaf is an index into `leaves`
  std::vector<leaf> leaves;
  std::vector<std::vector<double>> sets; ///< of categories: as in tree_ensemble, by tree_node::set
  std::vector<float> covers;             ///< of each node: the weight of its rows
  std::vector<double> importances;       ///< by feature: what its splits have gained, weighted by rows
};

/// growth::categorical for some data.
inline std::vector<bool> categorical_features(const training_data& of) {
  std::vector<bool> made(of.categories.empty() ? 0 : of.feature_count());
  for (const auto& one : of.categories)
    made[one.feature] = true;
  return made;
}

/// Moves the nodes of a grown tree to those of an ensemble.
inline void add_nodes(grown_tree& tree, tree_ensemble& into) {
  const auto first = static_cast<std::uint32_t>(into.sets.size());
  for (auto& node : tree.nodes)
    if (node.test == tree_test::member)
      node.set += first;
  std::move(tree.sets.begin(), tree.sets.end(), std::back_inserter(into.sets));
  into.trees.push_back(std::move(tree.nodes));
  into.covers.push_back(std::move(tree.covers));
}

} // namespace weir::models
