#include "models/tree_ensemble.hpp"

#include <cmath>
#include <string>
#include <utility>

namespace weir::models {

namespace {

core::result<void> check_node(const tree_ensemble& ensemble, const decision_tree& tree, const tree_node& node) {
  if (node.is_leaf()) {
    if (node.leaf >= ensemble.leaves())
      return core::fail("the leaf has no value");
    return {};
  }
  if (node.left >= tree.size() || node.right >= tree.size() || node.right == 0)
    return core::fail("a child is not there");
  if (node.feature >= ensemble.features)
    return core::fail("it splits by feature " + std::to_string(node.feature) + " of "
                      + std::to_string(ensemble.features));
  if (std::isnan(node.threshold))
    return core::fail("its threshold is not a number");
  if (node.test == tree_test::member && node.set >= ensemble.sets.size())
    return core::fail("its set is not there");
  return {};
}

/// With one parent for each node but the root, a node that the root does not reach is on a cycle.
core::result<void> check_tree(const tree_ensemble& ensemble, const decision_tree& tree) {
  if (tree.empty())
    return core::fail("no nodes");
  std::vector<std::uint8_t> has_parent(tree.size());
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const auto& node = tree[i];
    if (auto good = check_node(ensemble, tree, node); !good)
      return core::fail("node " + std::to_string(i) + ": " + good.error().what);
    if (node.is_leaf())
      continue;
    for (const auto child : {node.left, node.right})
      if (std::exchange(has_parent[child], std::uint8_t{1}) != 0)
        return core::fail("node " + std::to_string(child) + " has two parents");
  }
  std::size_t reached = 0;
  std::vector<std::uint32_t> open{0};
  while (!open.empty()) {
    const auto& node = tree[open.back()];
    open.pop_back();
    ++reached;
    if (!node.is_leaf())
      open.insert(open.end(), {node.left, node.right});
  }
  if (reached != tree.size())
    return core::fail("its nodes are not one tree");
  return {};
}

} // namespace

core::result<void> check(const tree_ensemble& ensemble) {
  for (const auto& value : ensemble.leaf_values)
    if (value.output >= ensemble.outputs)
      return core::fail("a leaf has a value for output " + std::to_string(value.output) + " of "
                        + std::to_string(ensemble.outputs));
  for (std::size_t i = 0; i < ensemble.trees.size(); ++i)
    if (auto good = check_tree(ensemble, ensemble.trees[i]); !good)
      return core::fail("tree " + std::to_string(i) + ": " + good.error().what);
  return {};
}

} // namespace weir::models
