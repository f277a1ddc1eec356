#pragma once

#include "models/online/chosen_inputs.hpp"
#include "models/online/outlier_learner.hpp"
#include "models/online/renewed_trees.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

namespace weir::models::online {

/// Trees that score rows and are grown anew, one after the other, from the latest rows.
///
/// All values outside of what the trees have seen end in the same leaves. So where ranges are learned, a row counts as
/// if each tree had one more test in front, as a random cut tree that takes it in would have (Guha et al. 2016): it is
/// alone there with the share that what is outside has in the widths of all inputs.
/// @tparam Grower says the layout, when trees are grown, how one is, and what values of leaves make as a score
template <class Grower>
class renewed_forest final : public outlier_learner {
public:
  explicit renewed_forest(Grower grower) :
      grower_{std::move(grower)}, layout_{grower_.layout()}, when_{grower_.when()} {}

  std::size_t first_size() const noexcept override { return layout_.bytes(); }
  std::size_t scratch_size() const noexcept override { return grower_.scratch_size(); }
  bool tells_changes() const noexcept override { return true; }
  std::size_t warm_up() const noexcept override { return static_cast<std::size_t>(when_.warm_up()); }
  bool valid(std::span<const std::byte> state) const noexcept override { return is_renewed(state, layout_, when_); }

  progress run(std::span<std::byte> state, const example_block& block) const override {
    renewed_state at{state.data(), layout_};
    for (std::size_t i = 0; i < block.rows; ++i) {
      const auto* const row = block.inputs + i * layout_.inputs;
      block.predicted[i] =
          at.rows() < when_.warm_up()
              ? std::numeric_limits<double>::quiet_NaN()
              : std::clamp(grower_.score(inside(at, row) * sum_of_leaves(at.tree(0), layout_, row)), 0.0, 1.0);
      learn(at, row, block);
    }
    return {.rows = block.rows, .learned = block.rows};
  }

  bool contributions(std::span<const std::byte> state, const double* row, std::span<double> shares,
                     std::span<double>) const override {
    renewed_snapshot at{state.data(), layout_};
    if (at.rows() < when_.warm_up())
      return false;
    const auto within = inside(at, row);
    std::ranges::fill(shares, 0.0);
    for (std::size_t t = 0; t < layout_.trees; ++t) {
      const auto* const tree = at.tree(t);
      std::size_t parent = 0, grandparent = 0, level = 0;
      walk(tree, row, [&](std::size_t node) {
        if (level > 0)
          shares[tree[parent].input] += std::max(within * grower_.gain(tree, grandparent, parent, node, level), 0.0);
        grandparent = std::exchange(parent, node);
        ++level;
      });
    }
    if (within < 1) {
      const auto outside = [&](std::size_t f) {
        return std::min(outside_of(at.low()[f], at.high()[f], row[f]), most_outside);
      };
      double all = 0;
      for (std::size_t f = 0; f < layout_.inputs; ++f)
        all += outside(f);
      const auto gained = (1 - within) * sum_of_leaves(at.tree(0), layout_, row);
      for (std::size_t f = 0; f < layout_.inputs; ++f)
        shares[f] += gained * outside(f) / all;
    }
    make_shares(shares);
    return true;
  }

private:
  /// Where an input counts as that far outside, nothing else counts.
  static constexpr double most_outside = 1e12;

  /// The share of a row that is not alone in front of all trees: 1 where no input is outside of its range.
  template <class View>
  double inside(View& at, const double* row) const noexcept {
    if (!grower_.learns_ranges())
      return 1;
    double outside = 0;
    for (std::size_t f = 0; f < layout_.inputs; ++f)
      if (row[f] < at.low()[f] || row[f] > at.high()[f])
        outside += std::min(outside_of(at.low()[f], at.high()[f], row[f]), most_outside);
    const auto widths = static_cast<double>(layout_.inputs);
    return widths / (widths + outside);
  }

  /// Rows behind which the ranges are found again.
  std::uint64_t range_rows() const noexcept { return std::max<std::uint64_t>(layout_.kept_rows / 8, 1); }

  void learn(renewed_state& at, const double* row, const example_block& block) const {
    const auto place = static_cast<std::size_t>(at.rows() % layout_.kept_rows);
    std::copy_n(row, layout_.inputs, at.row(place));
    ++at.rows();
    note(block, 0, renewed_layout::head_bytes);
    note(block, layout_.row_begin(place), layout_.row_bytes());
    if (grower_.learns_ranges() && (at.rows() == when_.first || at.rows() % range_rows() == 0)) {
      find_ranges(at, layout_);
      note(block, renewed_layout::head_bytes, 2 * layout_.row_bytes());
    }
    const auto due = when_.due(at.rows());
    for (auto number = due.begin; number < due.begin + due.count; ++number) {
      const auto tree = static_cast<std::size_t>(number % layout_.trees);
      const auto kept = static_cast<std::size_t>(std::min<std::uint64_t>(at.rows(), layout_.kept_rows));
      grower_.grow(at, tree, kept, number, block.scratch);
      note(block, layout_.tree_begin(tree), layout_.nodes * sizeof(renewed_node));
    }
  }

  static void note(const example_block& block, std::size_t offset, std::size_t size) {
    if (block.changed != nullptr)
      block.changed->push_back({offset, size});
  }

  Grower grower_;
  renewed_layout layout_;
  renewal when_;
};

} // namespace weir::models::online
