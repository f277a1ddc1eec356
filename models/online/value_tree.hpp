#pragma once

#include "models/online/class_tree.hpp"
#include "models/online/hoeffding_regressor.hpp"
#include "models/online/value_leaf.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace weir::models::online {

/// How a Hoeffding tree of numbers learns, in whatever state it stands.
class value_tree {
public:
  /// @param observed inputs of which a leaf looks for splits, chosen at random; 0: all
  value_tree(std::size_t inputs, std::size_t observed, const hoeffding_regression& how) noexcept;

  const value_layout& layout() const noexcept { return layout_; }

  /// Numbers of scratch that learn() needs.
  std::size_t scratch_size() const noexcept { return layout_.inputs; }

  /// @pre the tree has learned something  @returns finite, or NaN: nothing can be said
  double predict(tree_units& at, std::size_t root, const double* row) const noexcept;

  /// As class_tree::learn. @param truth finite
  tree_step learn(tree_units& at, std::optional<std::size_t> root, std::optional<std::size_t> unit, const double* row,
                  double truth, double weight, std::uint64_t seed, double* scratch) const;

private:
  struct suggestion;

  double said(value_leaf& leaf, const double* row) const noexcept;
  /// False, and nothing changes: a number would not be finite.
  bool take_in(value_leaf& leaf, const double* row, double truth, double weight, double* scratch) const noexcept;
  bool attempt_to_split(tree_units& at, std::size_t number, std::size_t unit, value_leaf& leaf,
                        std::uint64_t seed) const;
  suggestion best_split(value_leaf& leaf, std::size_t i) const noexcept;
  void split(tree_units& at, std::size_t number, std::size_t unit, value_leaf& leaf, const suggestion& by,
             std::uint64_t seed) const;

  value_layout layout_;
  hoeffding_regression how_;
  gradient_descent descent_;
  double scale_; ///< ten to the power of the digits
};

} // namespace weir::models::online
