#pragma once

#include "core/base/result.hpp"
#include "models/training_data.hpp"
#include "models/tree_ensemble.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace weir::models {

/// Named as in scikit-learn's RandomForestRegressor and RandomForestClassifier, with their defaults.
struct forest_options {
  std::size_t n_estimators = 100;
  std::size_t max_depth = 0; ///< 0: as deep as the data goes
  std::size_t min_samples_split = 2;
  std::size_t min_samples_leaf = 1;
  std::size_t max_leaf_nodes = 0; ///< 0: as many as there are
  std::string max_features{};     ///< a share of the features, `sqrt` or `log2`; empty: all, of a classifier `sqrt`
  bool bootstrap = true;          ///< each tree learns from as many rows, drawn by their weights with replacement
  bool random_thresholds = false; ///< extra trees
  std::size_t max_bins = 255;     ///< of a feature
  std::string class_weight{};     ///< as in weights_of_classes()
  std::uint64_t random_state = 0;
  std::size_t threads = 0; ///< 0: one for each core; the forest is the same whatever it is
};

/// What came of a training of trees.
struct trained_trees {
  tree_ensemble trees;             ///< a regression and two classes have one output, else there is one for each class
  std::vector<double> importances; ///< by feature, they sum up to 1: what its splits took off the variance (impurity)
};

/// A random forest (Breiman 2001), or extra trees (Geurts 2006): CART trees whose splits are chosen among the borders
/// of at most 255 bins a feature; they are all midpoints between values where a feature has no more distinct ones. What
/// is missing goes to the side that fits better. The output is a mean over the trees: of two classes the share of the
/// second one. Fails when check() does, or an option is out of its range.
core::result<trained_trees> train_forest(const training_data& data, const forest_options& options);

} // namespace weir::models
