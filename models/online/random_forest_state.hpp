#pragma once

#include "core/drift/adwin.hpp"
#include "models/online/tree_units.hpp"
#include "models/online/weighted_moments.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

namespace weir::models::online {

/// A tree of a forest.
struct forest_tree {
  std::uint64_t root;   ///< a node
  std::uint64_t leaves; ///< and so many units are its own; 0: it has learned nothing
};

/// A tree that votes, and one that learns behind it since a warning.
struct forest_member {
  std::uint64_t front;          ///< which of both votes
  std::uint64_t has_background; ///< the other one learns
  forest_tree trees[2];
  double right; ///< rows that it has told rightly since it votes, of a classifier
  double tested;
  weighted_moments error; ///< truth minus what it said, of a regressor
  core::adwin warning;
  core::adwin drift;
};
static_assert(std::is_trivially_copyable_v<forest_member> && sizeof(forest_member) % 8 == 0);

/// What the state of a forest looks like: a head, what its kind keeps (labels, the scaler), the members, and units that
/// all trees share. The first unit is nobody's: it has room for one node only. In words of eight bytes.
struct forest_layout {
  std::size_t members = 0;
  std::size_t kept_words = 0;
  std::size_t leaf_words = 0;
  std::size_t max_leaves = 0; ///< of a tree

  struct head {
    std::uint64_t kept;  ///< of the kind: classes that were found, rows that the scaler has learned
    std::uint64_t rows;  ///< that were learned from, or refused
    std::uint64_t used;  ///< units
    std::uint64_t first; ///< no unit in front of it is free
    std::uint64_t warnings;
    std::uint64_t drifts;
  };
  static constexpr std::size_t head_words = sizeof(head) / 8;
  static constexpr std::size_t member_words = sizeof(forest_member) / 8;

  std::size_t kept_begin() const noexcept { return head_words; }
  std::size_t member_begin(std::size_t i) const noexcept { return head_words + kept_words + i * member_words; }
  unit_layout units() const noexcept {
    return {.begin = member_begin(members), .leaf_words = leaf_words, .owner_words = 1};
  }
  std::size_t most_units() const noexcept { return 1 + 2 * members * max_leaves; }
};

/// A view of such a state.
class forest_state {
public:
  /// @param changed gets what is written; may be null
  forest_state(std::span<std::byte> bytes, const forest_layout& layout, const unit_layout& units,
               std::vector<state_range>* changed) noexcept;

  forest_layout::head& head() noexcept { return *reinterpret_cast<forest_layout::head*>(words_); }
  double* kept() noexcept { return words_ + layout_->kept_begin(); }
  forest_member& member(std::size_t i) noexcept {
    return *reinterpret_cast<forest_member*>(words_ + layout_->member_begin(i));
  }
  tree_units& trees() noexcept { return trees_; }

  /// The tree of a member that votes; the other one. Their numbers.
  std::size_t front(std::size_t i) noexcept { return 2 * i + (member(i).front & 1); }
  std::size_t background(std::size_t i) noexcept { return front(i) ^ 1; }
  forest_tree& tree(std::size_t number) noexcept { return member(number / 2).trees[number % 2]; }
  static std::optional<std::size_t> root_of(const forest_tree& tree) noexcept {
    return tree.leaves == 0 ? std::nullopt : std::optional{static_cast<std::size_t>(tree.root)};
  }

  /// Bytes that the state must have before the next row, so that each tree can grow; 0: enough.
  std::size_t wanted() noexcept;
  /// A unit that nobody uses, if a tree may grow.
  std::optional<std::size_t> unit_for(std::size_t tree) noexcept;
  /// The tree has taken the unit.
  void give(std::size_t tree, std::size_t unit) noexcept;
  /// A tree forgets all; its units are nobody's.
  void clear(std::size_t tree) noexcept;

  void note_front() { trees_.note(0, layout_->member_begin(0)); }
  void note_member(std::size_t i) { trees_.note(layout_->member_begin(i), forest_layout::member_words); }

private:
  double* words_;
  const forest_layout* layout_;
  const unit_layout* units_layout_;
  std::size_t units_;
  tree_units trees_;
};

/// Whether bytes can be the state of a forest, but for what its kind keeps.
/// @param is_leaf bool(first word of a leaf)
template <class IsLeaf>
bool is_forest(std::span<const std::byte> state, const forest_layout& layout, std::size_t inputs, IsLeaf is_leaf) {
  const auto units = layout.units();
  if (!units.is_size(state.size()) || units.units(state.size()) > layout.most_units())
    return false;
  const auto count = units.units(state.size());
  const auto head = read_words<forest_layout::head>(state, 0);
  std::vector<std::uint64_t> owned(2 * layout.members + 1);
  for (std::size_t unit = 0; unit < count; ++unit) {
    const auto owner = read_words<std::uint64_t>(state, units.unit_begin(unit));
    if (owner >= owned.size() || (owner != 0 && unit == 0))
      return false;
    ++owned[static_cast<std::size_t>(owner)];
  }
  if (head.used != count - owned[0])
    return false;
  tree_check check{state, units, inputs};
  for (std::size_t i = 0; i < layout.members; ++i) {
    const auto member = read_words<forest_member>(state, layout.member_begin(i));
    if (member.front > 1 || member.has_background > 1 || !member.warning.valid() || !member.drift.valid()
        || (member.error.wrong() | is_wrong(member.right) | is_wrong(member.tested)) != 0)
      return false;
    for (std::size_t t = 0; t < 2; ++t) {
      const auto [root, leaves] = member.trees[t];
      const auto owner = 2 * i + t + 1;
      if (owned[owner] != leaves || leaves > layout.max_leaves)
        return false;
      if (leaves != 0 && check.leaves_of(static_cast<std::size_t>(root), owner, is_leaf) != leaves)
        return false;
    }
  }
  return true;
}

} // namespace weir::models::online
