#pragma once

#include "models/online/class_list.hpp"
#include "models/online/hoeffding_state.hpp"
#include "models/online/hoeffding_tree.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace weir::models::online {

/// What a tree has done with a row.
struct tree_step {
  bool is_learned = false; ///< false: a number would not be finite, or there was no room for a first leaf
  bool has_grown = false;  ///< it has taken the unit that it was given
};

/// The labels of a state, and the index of each.
class class_labels {
public:
  /// @param slots of labels that were found; not read where they are given
  class_labels(const class_list& classes, double* slots) noexcept : classes_{&classes}, slots_{slots} {}

  /// As class_list::index_of.
  std::size_t index_of(std::string_view label, std::uint64_t found) const noexcept {
    return classes_->index_of(label, static_cast<std::size_t>(found),
                              [&](std::size_t i) -> const class_list::slot& { return slot(i); });
  }
  class_list::slot& slot(std::size_t i) const noexcept {
    return *reinterpret_cast<class_list::slot*>(slots_ + i * class_list::slot_words);
  }
  std::string_view label(std::size_t c) const noexcept {
    return classes_->is_given() ? classes_->given(c) : slot(c).label();
  }
  /// Of equal classes the first one is chosen: in the order of those given, or of their labels.
  bool is_before(std::size_t a, std::size_t b) const noexcept {
    return classes_->is_given() ? a < b : slot(a).label() < slot(b).label();
  }

private:
  const class_list* classes_;
  double* slots_;
};

/// How a Hoeffding tree of classes learns, in whatever state it stands.
class class_tree {
public:
  class_tree(const tree_layout& layout, const hoeffding_tree& how) noexcept : layout_{layout}, how_{how} {}

  const tree_layout& layout() const noexcept { return layout_; }

  /// Numbers of scratch that learn() needs.
  std::size_t scratch_size() const noexcept { return 2 * layout_.observed_inputs() + 3 * layout_.classes; }

  /// The class that a row's leaf says; none: it knows none. @param votes gets those of the leaf's classes(), which sum
  /// up to 1; what stands in others means nothing
  std::size_t vote(tree_leaf leaf, const double* row, double* votes, const class_labels& labels) const noexcept;

  /// The leaf of a row. @pre the tree has one
  tree_leaf leaf_of(tree_units& at, std::size_t root, const double* row) const noexcept;

  /// Learns a row as if it had come `weight` times. @param root absent: it has learned nothing, and begins in `unit`
  /// @param unit that nobody uses; absent: there is none, and the tree stays as large as it is
  /// @param seed of what is chosen at random
  tree_step learn(tree_units& at, std::optional<std::size_t> root, std::optional<std::size_t> unit, const double* row,
                  std::size_t c, double weight, std::uint64_t seed, double* scratch) const;

private:
  struct suggestion;

  std::size_t bayes(tree_leaf& leaf, const double* row, double* votes) const noexcept;
  bool attempt_to_split(tree_units& at, std::size_t number, std::size_t unit, tree_leaf& leaf, double weight,
                        std::uint64_t seed, double* scratch) const;
  suggestion best_split(tree_leaf& leaf, std::size_t input, double* scratch) const noexcept;
  void split(tree_units& at, std::size_t number, std::size_t unit, tree_leaf& leaf, const suggestion& by,
             std::uint64_t seed, double* scratch) const;

  tree_layout layout_;
  hoeffding_tree how_;
};

} // namespace weir::models::online
