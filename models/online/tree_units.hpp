#pragma once

#include "models/online/learner.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

namespace weir::models::online {

/// A node of a tree in a state.
struct tree_node {
  std::int64_t input;  ///< that is tested; -1: a leaf
  double threshold;    ///< up to it the left one follows
  std::uint64_t left;  ///< a node; of a leaf the unit whose leaf it is
  std::uint64_t right; ///< a node
  std::uint64_t depth;
};

/// Where the nodes and leaves of trees stand in a state: in units, each of which has room for what one split makes, two
/// nodes and one leaf. The nodes 2u - 1 and 2u are those of unit u. A tree that begins in unit u has its root in node
/// 2u. All in words of eight bytes.
struct unit_layout {
  std::size_t begin = 0;       ///< words in front of the first unit
  std::size_t leaf_words = 0;  ///< of what a leaf remembers
  std::size_t owner_words = 0; ///< 1: each unit begins with the number of its tree, from 1; 0 is nobody

  static constexpr std::size_t node_words = sizeof(tree_node) / 8;

  static std::size_t unit_of(std::size_t node) noexcept { return (node + 1) / 2; }

  std::size_t unit_words() const noexcept { return owner_words + 2 * node_words + leaf_words; }
  std::size_t unit_begin(std::size_t unit) const noexcept { return begin + unit * unit_words(); }
  std::size_t node_begin(std::size_t node) const noexcept {
    return unit_begin(unit_of(node)) + owner_words + (node + 1) % 2 * node_words;
  }
  std::size_t leaf_begin(std::size_t unit) const noexcept { return unit_begin(unit) + owner_words + 2 * node_words; }
  std::size_t bytes(std::size_t units) const noexcept { return unit_begin(units) * 8; }
  /// @pre bytes(n) bytes for some n
  std::size_t units(std::size_t bytes_of_state) const noexcept { return (bytes_of_state / 8 - begin) / unit_words(); }
  /// Whether a state of so many bytes has a whole number of units, one at least.
  bool is_size(std::size_t bytes_of_state) const noexcept {
    return bytes_of_state >= bytes(1) && (bytes_of_state - bytes(1)) % (unit_words() * 8) == 0;
  }
};

/// A view of such a state.
class tree_units {
public:
  /// @param changed gets what is noted; may be null
  tree_units(double* words, const unit_layout& layout, std::vector<state_range>* changed) noexcept :
      words_{words}, layout_{&layout}, changed_{changed} {}

  tree_node& node(std::size_t number) noexcept {
    return *reinterpret_cast<tree_node*>(words_ + layout_->node_begin(number));
  }
  double* leaf(std::size_t unit) noexcept { return words_ + layout_->leaf_begin(unit); }
  std::uint64_t& owner(std::size_t unit) noexcept {
    return *reinterpret_cast<std::uint64_t*>(words_ + layout_->unit_begin(unit));
  }

  /// Notes that words were written.
  void note(std::size_t begin, std::size_t count) {
    const state_range part{begin * 8, count * 8};
    if (changed_ != nullptr && (changed_->empty() || changed_->back() != part))
      changed_->push_back(part);
  }
  void note_front() { note(0, layout_->begin); }
  void note_leaf(std::size_t unit) { note(layout_->leaf_begin(unit), layout_->leaf_words); }

  /// The number of the node that is a row's leaf.
  std::size_t find(std::size_t root, const double* row) noexcept {
    auto number = root;
    for (const auto* at = &node(number); at->input >= 0; at = &node(number))
      number = static_cast<std::size_t>(row[at->input] <= at->threshold ? at->left : at->right);
    return number;
  }

  /// A tree of one leaf, in a unit that nobody uses. @returns its root
  std::size_t plant(std::size_t unit) {
    const auto root = 2 * unit;
    node(root) = {.input = -1, .threshold = 0, .left = unit, .right = 0, .depth = 0};
    note(layout_->unit_begin(unit), layout_->unit_words());
    return root;
  }

  /// A leaf becomes a test of two: the left one keeps its unit, the right one gets `unit`, which nobody uses.
  void split(std::size_t number, std::int64_t input, double threshold, std::size_t unit) {
    auto& at = node(number);
    const auto depth = at.depth + 1;
    const auto left = 2 * unit - 1, right = 2 * unit;
    node(left) = {.input = -1, .threshold = 0, .left = at.left, .right = 0, .depth = depth};
    node(right) = {.input = -1, .threshold = 0, .left = unit, .right = 0, .depth = depth};
    at.input = input;
    at.threshold = threshold;
    at.left = left;
    at.right = right;
    note(layout_->node_begin(number), unit_layout::node_words);
    note(layout_->unit_begin(unit), layout_->unit_words());
  }

private:
  double* words_;
  const unit_layout* layout_;
  std::vector<state_range>* changed_;
};

/// Reads a word or several of a state that need not be aligned.
template <class T>
T read_words(std::span<const std::byte> state, std::size_t word) noexcept {
  T made;
  std::memcpy(&made, state.data() + word * 8, sizeof made);
  return made;
}

/// Whether the nodes of a state that need not be trusted are trees, none of which has a part of another.
class tree_check {
public:
  /// @pre layout.is_size(state.size())
  tree_check(std::span<const std::byte> state, const unit_layout& layout, std::size_t inputs);

  /// Leaves of the tree with this root; nothing: it is none. @param owner of its units, where they have one
  /// @param is_leaf bool(first word of the leaf)
  template <class IsLeaf>
  std::optional<std::size_t> leaves_of(std::size_t root, std::uint64_t owner, IsLeaf is_leaf) {
    std::size_t leaves = 0;
    if (!visit(root, owner))
      return std::nullopt;
    while (!open_.empty()) {
      const auto at = read_words<tree_node>(state_, layout_->node_begin(open_.back()));
      open_.pop_back();
      if (at.input >= 0) {
        if (!is_test(at) || !visit(at.left, owner) || !visit(at.right, owner))
          return std::nullopt;
        continue;
      }
      if (at.input != -1 || !take(at.left, owner) || !is_leaf(layout_->leaf_begin(at.left)))
        return std::nullopt;
      ++leaves;
    }
    return leaves;
  }

  /// Nodes that were visited.
  std::size_t nodes() const noexcept { return nodes_; }

private:
  bool is_test(const tree_node& at) const noexcept;
  bool is_of(std::uint64_t unit, std::uint64_t owner) const noexcept;
  bool visit(std::uint64_t node, std::uint64_t owner);
  bool take(std::uint64_t unit, std::uint64_t owner);

  std::span<const std::byte> state_;
  const unit_layout* layout_;
  std::size_t inputs_;
  std::size_t nodes_ = 0;
  std::vector<bool> is_visited_;
  std::vector<bool> is_taken_;
  std::vector<std::size_t> open_;
};

} // namespace weir::models::online
