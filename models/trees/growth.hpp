#pragma once

#include "models/tree_ensemble.hpp"

#include <cstddef>
#include <cstdint>
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
  std::vector<float> covers;       ///< of each node: the weight of its rows
  std::vector<double> importances; ///< by feature: what its splits have gained, weighted by rows
};

} // namespace weir::models
