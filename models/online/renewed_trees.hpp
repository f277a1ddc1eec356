#pragma once

#include "models/online/learner.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>

namespace weir::models::online {

/// A node of a tree over the latest rows: below the threshold the left one follows, else the right one, which stands
/// behind it. The threshold of a leaf is infinite, so that a walk stays there.
struct renewed_node {
  double threshold;
  std::uint16_t input;
  std::uint16_t ahead; ///< so many nodes behind this one the left one stands; 0: a leaf
  float value;         ///< what a row scores whose walk ends here
};
static_assert(std::is_trivially_copyable_v<renewed_node> && sizeof(renewed_node) == 16);

/// What a state looks like of trees that are grown anew, one after the other, from the latest rows: how many rows were
/// learned, of each input the least and the largest value, a ring of the latest rows, and the nodes of the trees, each
/// with room for as many.
struct renewed_layout {
  std::size_t inputs = 0;
  std::size_t kept_rows = 0;
  std::size_t trees = 0;
  std::size_t nodes = 0; ///< of a tree, at most; below 65536

  static constexpr std::size_t head_bytes = 16; ///< the rows, and room so that nodes are aligned

  std::size_t row_bytes() const noexcept { return inputs * sizeof(double); }
  std::size_t row_begin(std::size_t place) const noexcept { return head_bytes + (2 + place) * row_bytes(); }
  std::size_t tree_begin(std::size_t tree) const noexcept {
    return (row_begin(kept_rows) + 15) / 16 * 16 + tree * nodes * sizeof(renewed_node);
  }
  std::size_t bytes() const noexcept { return tree_begin(trees); }
};

/// A view of such a state. @tparam Byte std::byte, or const std::byte
template <class Byte>
class renewed_view {
public:
  template <class T>
  using like = std::conditional_t<std::is_const_v<Byte>, const T, T>;

  renewed_view(Byte* bytes, const renewed_layout& layout) noexcept : bytes_{bytes}, layout_{&layout} {}

  like<std::uint64_t>& rows() noexcept { return *reinterpret_cast<like<std::uint64_t>*>(bytes_); }
  like<double>* low() noexcept { return reinterpret_cast<like<double>*>(bytes_ + renewed_layout::head_bytes); }
  like<double>* high() noexcept { return low() + layout_->inputs; }
  /// @param place below kept_rows
  like<double>* row(std::size_t place) noexcept {
    return reinterpret_cast<like<double>*>(bytes_ + layout_->row_begin(place));
  }
  like<renewed_node>* tree(std::size_t number) noexcept {
    return reinterpret_cast<like<renewed_node>*>(bytes_ + layout_->tree_begin(number));
  }

private:
  Byte* bytes_;
  const renewed_layout* layout_;
};

using renewed_state = renewed_view<std::byte>;
using renewed_snapshot = renewed_view<const std::byte>;

/// Which trees are grown when so many rows are learned: from `begin` on, so many, by their numbers since the first one.
struct trees_due {
  std::uint64_t begin = 0;
  std::uint64_t count = 0;
};

/// When trees are grown: the first of each behind row `first`, so many a row; then each once in `period` rows, as
/// evenly as may be, or all at its end.
struct renewal {
  std::uint64_t trees = 1;
  std::uint64_t first = 1;
  std::uint64_t a_row = 1; ///< of the first ones
  std::uint64_t period = 1;
  bool is_at_once = false;

  /// Rows that are learned when each tree has been grown.
  std::uint64_t warm_up() const noexcept { return first + (trees + a_row - 1) / a_row - 1; }
  trees_due due(std::uint64_t rows) const noexcept;
  /// Trees that have been grown at least once.
  std::uint64_t grown(std::uint64_t rows) const noexcept;
};

inline renewed_node leaf_of(double value) noexcept {
  return {
      .threshold = std::numeric_limits<double>::infinity(), .input = 0, .ahead = 0, .value = static_cast<float>(value)};
}

/// @param ahead above 0
inline void make_test(renewed_node& of, std::size_t input, double threshold, std::size_t ahead) noexcept {
  of.threshold = threshold;
  of.input = static_cast<std::uint16_t>(input);
  of.ahead = static_cast<std::uint16_t>(ahead);
}

/// The sum over all trees of the leaves' values. Several walks go at once: one alone would wait for each node.
double sum_of_leaves(const renewed_node* trees, const renewed_layout& layout, const double* row) noexcept;

/// Calls `visit(number of the node)` from the root to the row's leaf.
template <class Visit>
void walk(const renewed_node* tree, const double* row, Visit visit) {
  for (std::size_t at = 0;;) {
    visit(at);
    const auto& node = tree[at];
    if (node.ahead == 0)
      return;
    at += std::size_t{node.ahead} + (row[node.input] < node.threshold ? 0 : 1);
  }
}

/// Whether bytes can be such a state.
bool is_renewed(std::span<const std::byte> state, const renewed_layout& layout, const renewal& when);

/// The least and the largest value of each input in the ring. @pre it has a row
void find_ranges(renewed_state& at, const renewed_layout& layout) noexcept;

/// How far a value is outside of a range: log2(1 + so many of its widths), of which one counts where it has none. May
/// be infinite.
double outside_of(double low, double high, double value) noexcept;

/// A number between two, without a difference that would not be finite. @param share may lie outside of 0 to 1
double between(double low, double high, double share) noexcept;

} // namespace weir::models::online
