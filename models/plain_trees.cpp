#include "models/plain_trees.hpp"

#include "models/tree_walk.hpp"

#include <algorithm>
#include <vector>

namespace weir::models {

template <class T>
std::uint32_t plain_trees::leaf_of(const decision_tree& tree, const T* const* columns, std::size_t row) const {
  const auto* at = tree.data();
  while (!at->is_leaf())
    at = tree.data() + (goes_left(ensemble_, *at, columns[at->feature][row]) ? at->left : at->right);
  return at->leaf;
}

template <class T>
void plain_trees::predict(const T* const* columns, std::size_t rows, double* const* sums) const {
  std::vector<bool> has_value(ensemble_.outputs);
  for (std::size_t row = 0; row < rows; ++row) {
    std::fill(has_value.begin(), has_value.end(), false);
    for (std::size_t k = 0; k < ensemble_.outputs; ++k)
      sums[k][row] = 0;
    for (const auto& tree : ensemble_.trees)
      for (const auto& [output, value] : ensemble_.leaf(leaf_of(tree, columns, row))) {
        auto& sum = sums[output][row];
        switch (ensemble_.aggregate) {
        case aggregation::min: sum = has_value[output] ? std::min(sum, value) : value; break;
        case aggregation::max: sum = has_value[output] ? std::max(sum, value) : value; break;
        default: sum += value;
        }
        has_value[output] = true;
      }
  }
}

template void plain_trees::predict(const float* const*, std::size_t, double* const*) const;
template void plain_trees::predict(const double* const*, std::size_t, double* const*) const;

} // namespace weir::models
