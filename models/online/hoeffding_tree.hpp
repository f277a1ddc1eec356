#pragma once

#include "models/online/class_list.hpp"
#include "models/online/learner.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::models::online {

/// What a leaf says.
enum class leaf_prediction : std::uint8_t {
  mc,  ///< its majority class
  nb,  ///< naive Bayes
  nba, ///< whichever of both was right more often in this leaf
};

/// Names and defaults are river's.
struct hoeffding_tree {
  std::uint32_t grace_period = 200; ///< rows of a leaf between attempts to split it
  double delta = 1e-7;              ///< how probable it may be that another split was better
  double tau = 0.05;                ///< a bound below this is a tie: then the better one is taken
  leaf_prediction leaves = leaf_prediction::nba;
  std::uint32_t max_depth = 0;    ///< 0: no limit
  std::uint32_t n_splits = 10;    ///< thresholds that are tried between the least and the largest value of an input
  std::uint32_t max_leaves = 256; ///< then none is split any more
};

/// A decision tree that splits a leaf when the rows so far say with confidence which split is best (Domingos and Hulten
/// 2000), by information gain, with a normal distribution for each class and input of a leaf: river's
/// HoeffdingTreeClassifier, but for the bound on memory, which is max_leaves.
/// @param inputs 1 at least  @param classes two at least, or found as they come
learner_ptr hoeffding_tree_classifier(std::size_t inputs, class_list classes, const hoeffding_tree& how);

} // namespace weir::models::online
