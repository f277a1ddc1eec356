#include "models/online/random_cut_tree.hpp"

#include "models/online/chosen_inputs.hpp"

#include <vector>

namespace weir::models::online {

namespace {

/// One over the width of an input that is the same in all rows.
constexpr float scale_of_constant = 1e30f;

} // namespace

random_cut_measure random_cut_tree::measure(std::size_t node, const float* row) const noexcept {
  const float* __restrict lows = low(node);
  const float* __restrict highs = high(node);
  const float* __restrict scales = scale();
  unsigned is_outside = 0;
  for (std::size_t f = 0; f < layout_->inputs; ++f)
    is_outside |= (row[f] < lows[f] ? 1u : 0u) | (row[f] > highs[f] ? 1u : 0u);
  if (is_outside == 0)
    return {};
  constexpr std::size_t lanes = 4; // one sum alone would wait for each addition
  float outside[lanes]{}, inside[lanes]{};
  const auto add = [&](std::size_t f, std::size_t lane) {
    const auto by = std::max(std::max(lows[f] - row[f], row[f] - highs[f]), 0.f);
    outside[lane] += std::min(by * scales[f], most_outside);
    inside[lane] += (highs[f] - lows[f]) * scales[f];
  };
  std::size_t f = 0;
  for (; f + lanes <= layout_->inputs; f += lanes)
    for (std::size_t lane = 0; lane < lanes; ++lane)
      add(f + lane, lane);
  for (std::size_t lane = 0; f < layout_->inputs; ++f, ++lane)
    add(f, lane);
  return {(outside[0] + outside[1]) + (outside[2] + outside[3]), (inside[0] + inside[1]) + (inside[2] + inside[3])};
}

void random_cut_tree::attribute(const float* row, std::span<double> into) const noexcept {
  walk(row, [&](std::size_t node, double gained) {
    for (std::size_t f = 0; f < layout_->inputs; ++f)
      into[f] += gained * static_cast<double>(outside(node, row, f));
  });
}

std::size_t random_cut_tree::drawn_input(std::size_t node, const float* row, double rest) const noexcept {
  std::size_t found = 0;
  for (std::size_t f = 0; f < layout_->inputs && rest >= 0; ++f)
    if (const auto of_this = outside(node, row, f); of_this > 0) {
      found = f;
      rest -= static_cast<double>(of_this);
    }
  return found;
}

void random_cut_tree::insert(const float* row, std::uint64_t seed) noexcept {
  if (head().rows == 0) {
    head().root = 0;
    std::copy_n(row, layout_->inputs, low(0));
    return join(0);
  }
  for (std::size_t node = head().root, level = 0;; ++level) {
    const auto measured = measure(node, row);
    const auto outside = static_cast<double>(measured.outside);
    const auto rest = uniform_of(seed, 2 * level) * (outside + static_cast<double>(measured.inside));
    if (rest < outside)
      return cut_off(node, row, drawn_input(node, row, rest), uniform_of(seed, 2 * level + 1));
    if (is_leaf(node))
      return join(node);
    for (std::size_t f = 0; f < layout_->inputs; ++f) {
      low(node)[f] = std::min(low(node)[f], row[f]);
      high(node)[f] = std::max(high(node)[f], row[f]);
    }
    node = row[cut_at(node).input] <= cut_at(node).value ? cut_at(node).left : cut_at(node).right;
  }
}

/// A cut takes the node's place, with the node on one side and a leaf for the row on the other.
void random_cut_tree::cut_off(std::size_t node, const float* row, std::size_t input, double share) noexcept {
  std::size_t added = 0, made = layout_->samples;
  while (leaf_at(added).mass != 0)
    ++added;
  while (cut_at(made).mass != 0)
    ++made;
  std::copy_n(row, layout_->inputs, low(added));
  const bool is_below = row[input] < low(node)[input];
  const auto from = is_below ? row[input] : high(node)[input];
  const auto to = is_below ? low(node)[input] : row[input];
  const auto value = from + static_cast<float>(share) * (to - from);
  const auto above = parent(node);
  cut_at(made) = {.mass = mass(node),
                  .parent = above,
                  .left = static_cast<std::uint32_t>(is_below ? added : node),
                  .right = static_cast<std::uint32_t>(is_below ? node : added),
                  .input = static_cast<std::uint32_t>(input),
                  .value = value < to ? value : from};
  put(above, node, made);
  parent(node) = static_cast<std::uint32_t>(made);
  parent(added) = static_cast<std::uint32_t>(made);
  find_box(made);
  join(added);
}

void random_cut_tree::join(std::size_t number) noexcept {
  sample(head().rows++) = static_cast<std::uint32_t>(number);
  for (auto node = number;; node = parent(node)) {
    ++mass(node);
    if (node == head().root)
      break;
  }
  find_scale();
}

void random_cut_tree::remove(std::size_t number) noexcept {
  const std::size_t gone = sample(number);
  sample(number) = sample(--head().rows);
  if (--leaf_at(gone).mass == 0 && gone != head().root) {
    const std::size_t above = leaf_at(gone).parent;
    const auto left = cut_at(above).left;
    const auto other = left == gone ? cut_at(above).right : left;
    cut_at(above).mass = 0;
    parent(other) = cut_at(above).parent;
    put(cut_at(above).parent, above, other);
    for (std::size_t node = other; node != head().root;) {
      node = parent(node);
      --mass(node);
      find_box(node);
    }
  } else {
    for (auto node = gone; node != head().root;) {
      node = parent(node);
      --mass(node);
    }
  }
  find_scale();
}

/// What stood below a cut, or was the root, is another node now.
void random_cut_tree::put(std::uint32_t above, std::size_t old, std::size_t now) noexcept {
  const auto number = static_cast<std::uint32_t>(now);
  if (old == head().root)
    head().root = number;
  else
    (cut_at(above).left == old ? cut_at(above).left : cut_at(above).right) = number;
}

void random_cut_tree::find_box(std::size_t node) noexcept {
  const auto left = cut_at(node).left, right = cut_at(node).right;
  for (std::size_t f = 0; f < layout_->inputs; ++f) {
    low(node)[f] = std::min(low(left)[f], low(right)[f]);
    high(node)[f] = std::max(high(left)[f], high(right)[f]);
  }
}

void random_cut_tree::find_scale() noexcept {
  const auto* const lows = low(head().root);
  const auto* const highs = high(head().root);
  for (std::size_t f = 0; f < layout_->inputs; ++f)
    scale()[f] = highs[f] > lows[f] ? std::min(1 / (highs[f] - lows[f]), scale_of_constant) : scale_of_constant;
}

bool random_cut_tree::valid() const {
  const auto rows = std::size_t{head().rows};
  if (rows > layout_->samples)
    return false;
  for (std::size_t f = 0; rows > 0 && f < layout_->inputs; ++f)
    if (!(scale()[f] >= 0 && scale()[f] <= scale_of_constant))
      return false;
  // free ones have no mass, as those have that a search for room finds
  std::vector<std::size_t> of_leaf(layout_->samples);
  for (std::size_t i = 0; i < rows; ++i) {
    if (sample(i) >= layout_->samples)
      return false;
    ++of_leaf[sample(i)];
  }
  std::size_t leaves = 0, cuts = 0;
  for (std::size_t i = 0; i < layout_->samples; ++i) {
    if (leaf_at(i).mass != of_leaf[i])
      return false;
    leaves += of_leaf[i] != 0 ? 1 : 0;
    cuts += i + 1 < layout_->samples && cut_at(layout_->samples + i).mass != 0 ? 1 : 0;
  }
  return rows == 0 ? cuts == 0 : cuts + 1 == leaves && is_tree(leaves + cuts);
}

/// Whether the root's nodes are so many, know their parents, and have boxes of numbers.
bool random_cut_tree::is_tree(std::size_t nodes) const {
  const auto most = 2 * layout_->samples - 1;
  std::vector<std::size_t> open{head().root};
  if (head().root >= most)
    return false;
  std::size_t found = 0;
  while (!open.empty()) {
    const auto node = open.back();
    open.pop_back();
    if (++found > nodes || mass(node) == 0)
      return false;
    for (std::size_t f = 0; f < layout_->inputs; ++f)
      if (!(low(node)[f] >= -most_value && low(node)[f] <= high(node)[f] && high(node)[f] <= most_value))
        return false;
    if (is_leaf(node))
      continue;
    const auto& at = cut_at(node);
    if (at.left >= most || at.right >= most || at.left == at.right || parent(at.left) != node
        || parent(at.right) != node || at.input >= layout_->inputs || !(std::abs(at.value) <= most_value)
        || std::uint64_t{mass(at.left)} + mass(at.right) != at.mass)
      return false;
    open.push_back(at.left);
    open.push_back(at.right);
  }
  return found == nodes;
}

} // namespace weir::models::online
