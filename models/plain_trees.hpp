#pragma once

#include "models/tree_ensemble.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace weir::models {

/// A tree ensemble walked node by node, as the definition says. It takes every ensemble; a forest is faster, and takes
/// most. Immutable, shared by threads.
class plain_trees {
public:
  /// @pre check(ensemble)
  explicit plain_trees(tree_ensemble ensemble) : ensemble_{std::move(ensemble)} {}

  /// Takes the leaves together that each row falls into, in double; an output for which no leaf has a value is 0. Of
  /// an average it makes the sum.
  /// @param columns a column for each feature @tparam T float, or double where the trees compare doubles
  /// @param sums a column for each output; overwritten
  template <class T>
  void predict(const T* const* columns, std::size_t rows, double* const* sums) const;

private:
  template <class T>
  std::uint32_t leaf_of(const decision_tree& tree, const T* const* columns, std::size_t row) const;

  tree_ensemble ensemble_;
};

} // namespace weir::models
