#include "models/online/renewed_trees.hpp"

#include "models/online/sums.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace weir::models::online {

namespace {

/// Walks that go at once.
constexpr std::size_t walks = 8;

template <std::size_t Walks>
double sum_of_some(const renewed_node* first, std::size_t nodes, const double* row) noexcept {
  std::array<const renewed_node*, Walks> at;
  for (std::size_t w = 0; w < Walks; ++w)
    at[w] = first + w * nodes;
  unsigned moved = 1;
  while (moved != 0) {
    moved = 0;
#pragma GCC unroll 8 // else the places are kept in memory
    for (std::size_t w = 0; w < Walks; ++w) {
      const auto& node = *at[w];
      moved |= node.ahead;
      at[w] += unsigned{node.ahead} + (row[node.input] >= node.threshold ? 1u : 0u);
    }
  }
  double sum = 0;
  for (const auto* leaf : at)
    sum += static_cast<double>(leaf->value);
  return sum;
}

bool is_tree(const renewed_node* tree, const renewed_layout& layout) {
  std::vector<bool> is_reached(layout.nodes);
  is_reached[0] = true;
  for (std::size_t i = 0; i < layout.nodes; ++i) {
    if (!is_reached[i])
      continue;
    const auto& node = tree[i];
    if (node.input >= layout.inputs || is_wrong(static_cast<double>(node.value)) != 0)
      return false;
    if (node.ahead == 0) {
      if (node.threshold != std::numeric_limits<double>::infinity())
        return false;
      continue;
    }
    const auto left = i + node.ahead;
    if (left + 1 >= layout.nodes || is_wrong(node.threshold) != 0)
      return false;
    is_reached[left] = true;
    is_reached[left + 1] = true;
  }
  return true;
}

} // namespace

trees_due renewal::due(std::uint64_t rows) const noexcept {
  if (rows < first)
    return {};
  const auto since = rows - first;
  if (since * a_row < trees)
    return {since * a_row, std::min(a_row, trees - since * a_row)};
  // whole periods and the rest: a product of all rows and all trees could be too large
  const auto made = [&](std::uint64_t n) {
    return n / period * trees + (is_at_once ? 0 : n % period * trees / period);
  };
  const auto begin = made(since - 1);
  return {trees + begin, made(since) - begin};
}

std::uint64_t renewal::grown(std::uint64_t rows) const noexcept {
  return rows < first ? 0 : std::min(trees, (std::min(rows - first, trees) + 1) * a_row);
}

double sum_of_leaves(const renewed_node* trees, const renewed_layout& layout, const double* row) noexcept {
  double sum = 0;
  std::size_t tree = 0;
  for (; tree + walks <= layout.trees; tree += walks)
    sum += sum_of_some<walks>(trees + tree * layout.nodes, layout.nodes, row);
  for (; tree < layout.trees; ++tree)
    sum += sum_of_some<1>(trees + tree * layout.nodes, layout.nodes, row);
  return sum;
}

bool is_renewed(std::span<const std::byte> state, const renewed_layout& layout, const renewal& when) {
  if (state.size() != layout.bytes())
    return false;
  renewed_snapshot at{state.data(), layout};
  unsigned wrong = 0;
  const auto* const numbers = at.low(); // and the highs and rows behind
  for (std::size_t i = 0; i < (2 + layout.kept_rows) * layout.inputs; ++i)
    wrong |= is_wrong(numbers[i]);
  if (wrong != 0)
    return false;
  const auto grown = static_cast<std::size_t>(when.grown(at.rows()));
  for (std::size_t tree = 0; tree < grown; ++tree)
    if (!is_tree(at.tree(tree), layout))
      return false;
  return true;
}

void find_ranges(renewed_state& at, const renewed_layout& layout) noexcept {
  const auto kept = static_cast<std::size_t>(std::min<std::uint64_t>(at.rows(), layout.kept_rows));
  double* __restrict low = at.low();
  double* __restrict high = at.high();
  std::copy_n(at.row(0), layout.inputs, low);
  std::copy_n(at.row(0), layout.inputs, high);
  for (std::size_t place = 1; place < kept; ++place) {
    const double* __restrict row = at.row(place);
    for (std::size_t f = 0; f < layout.inputs; ++f) {
      low[f] = std::min(low[f], row[f]);
      high[f] = std::max(high[f], row[f]);
    }
  }
}

double outside_of(double low, double high, double value) noexcept {
  if (value >= low && value <= high)
    return 0;
  const auto width = high / 2 - low / 2; // the whole one may not be finite
  return std::log2(1 + (width > 0 ? std::max(low / 2 - value / 2, value / 2 - high / 2) / width : 1));
}

double between(double low, double high, double share) noexcept {
  constexpr auto most = std::numeric_limits<double>::max();
  return std::clamp(low * (1 - share) + high * share, -most, most);
}

} // namespace weir::models::online
