#pragma once

#include "core/base/result.hpp"
#include "models/graph/tensor.hpp"
#include "models/onnx/node.hpp"
#include "models/tree_ensemble.hpp"

namespace weir::models {

/// The features that trees compare, as float or double.
struct tree_input {
  registers columns;
  bool is_double = false;
};

/// The only input of a node that is a whole ensemble.
core::result<tree_input> read_tree_input(node& from);

/// Turns a test of ONNX into one of ours: `true` is the child where ONNX goes when its test holds.
/// @param mode `BRANCH_LEQ`, ... @param if_missing ONNX takes NaN for one that passes the test
core::result<tree_node> read_split(std::string_view mode, double threshold, std::uint32_t feature,
                                   std::uint32_t if_true, std::uint32_t if_false, bool if_missing, bool is_double);

/// Makes trees of graphs in which nodes have several parents. Where one test of a category follows the other, and both
/// lead to the same node, as LightGBM's do, they become one test of membership. Fails when a node leads back to itself,
/// or there would be far more nodes than before.
core::result<void> unshare(tree_ensemble& ensemble);

/// What is asked of a file's trees, and made: SHAP values of the model's features.
struct tree_explanations {
  std::size_t features = 0;       ///< of the model
  std::size_t ensembles = 0;      ///< that have been explained
  registers columns;              ///< of double: each feature of the first output, then of the second, ...
  std::vector<double> expected{}; ///< of each output
};

/// Adds the columns that explain what the trees say, where somebody wants them. Fails when they cannot be: see
/// tree_shap, and where a column that the trees compare is made of several features.
/// @param bases what is added to the sums; may be empty
core::result<void> explain_trees(node& from, const tree_input& in, const tree_ensemble& ensemble,
                                 const std::vector<double>& bases);

/// Columns of double with what the trees say, one for each output: by a forest where one can do it.
/// @pre check(ensemble)
core::result<registers> tree_columns(program_builder& program, const tree_input& in, tree_ensemble ensemble);

} // namespace weir::models
