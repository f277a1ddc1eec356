#include "models/online/hoeffding_state.hpp"

#include "models/online/sums.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

namespace weir::models::online {

void tree_leaf::forget_inputs() noexcept {
  own().observed = 0;
  const auto classes = layout_->classes;
  std::memset(observed_order(), 0, classes * 8);
  std::memset(counts(), 0, (classes + 4 * classes * layout_->inputs) * 8);
}

void tree_leaf::clear() noexcept {
  std::memset(words_, 0, layout_->leaf_words() * 8);
  own().is_active = 1;
}

void tree_leaf::add(std::size_t c, double weight) noexcept {
  if (std::ranges::find(classes(), c) == classes().end())
    order()[own().classes++] = c;
  weights()[c] += weight;
}

bool tree_leaf::observe(std::size_t c, const double* row, double* scratch) noexcept {
  auto* const inputs = inputs_of(c);
  const auto count = counts()[c] + 1;
  unsigned wrong = 0;
  for (std::size_t i = 0; i < layout_->inputs; ++i) {
    const auto delta = row[i] - inputs[i].mean;
    const auto mean = inputs[i].mean + delta / count;
    scratch[2 * i] = mean;
    scratch[2 * i + 1] = inputs[i].squares + delta * (row[i] - mean);
    wrong |= is_wrong(mean) | is_wrong(scratch[2 * i + 1]);
  }
  if (wrong != 0)
    return false;
  const bool is_new = counts()[c] == 0;
  for (std::size_t i = 0; i < layout_->inputs; ++i)
    inputs[i] = {scratch[2 * i], scratch[2 * i + 1], is_new ? row[i] : std::min(inputs[i].least, row[i]),
                 is_new ? row[i] : std::max(inputs[i].largest, row[i])};
  if (is_new)
    observed_order()[own().observed++] = c;
  counts()[c] = count;
  return true;
}

namespace {

template <class T>
T read(std::span<const std::byte> state, std::size_t word) noexcept {
  T made;
  std::memcpy(&made, state.data() + word * 8, sizeof made);
  return made;
}

/// Whether `count` words from `begin` on are different classes.
bool is_order(std::span<const std::byte> state, std::size_t begin, std::uint64_t count, std::size_t classes) {
  std::vector<bool> seen(classes);
  for (std::size_t i = 0; i < count; ++i) {
    const auto c = read<std::uint64_t>(state, begin + i);
    if (c >= classes || seen[c])
      return false;
    seen[c] = true;
  }
  return true;
}

bool is_leaf(std::span<const std::byte> state, std::size_t begin, const tree_layout& layout) {
  const auto own = read<tree_layout::leaf>(state, begin);
  const auto orders = begin + sizeof own / 8;
  if (own.is_active > 1 || own.classes > layout.classes || own.observed > layout.classes
      || !is_order(state, orders, own.classes, layout.classes)
      || !is_order(state, orders + layout.classes, own.observed, layout.classes))
    return false;
  // who has a count was observed, and nobody else: the order has room for each class once
  const auto counts = orders + 3 * layout.classes;
  std::uint64_t counted = 0;
  for (std::size_t c = 0; c < layout.classes; ++c)
    counted += read<double>(state, counts + c) != 0 ? 1 : 0;
  for (std::size_t i = 0; i < own.observed; ++i)
    if (!(read<double>(state, counts + read<std::uint64_t>(state, orders + layout.classes + i)) > 0))
      return false;
  if (counted != own.observed)
    return false;
  unsigned wrong = is_wrong(own.last_attempt) | is_wrong(own.majority_right) | is_wrong(own.bayes_right);
  for (auto word = orders + 2 * layout.classes; word < begin + layout.leaf_words(); ++word)
    wrong |= is_wrong(read<double>(state, word));
  return wrong == 0;
}

} // namespace

bool is_tree(std::span<const std::byte> state, const tree_layout& layout) noexcept {
  const auto least = layout.bytes(1);
  if (state.size() < least || (state.size() - least) % (layout.unit_words() * 8) != 0)
    return false;
  const auto units = layout.units(state.size());
  const auto head = read<tree_layout::head>(state, 0);
  if (head.classes > (layout.has_labels ? layout.classes : 0) || head.nodes / 2 > units - 1
      || (head.nodes != 0 && head.nodes % 2 == 0))
    return false;
  for (std::size_t i = 0; i < head.classes; ++i)
    if (!read<class_list::slot>(state, layout.head_words + i * class_list::slot_words).valid())
      return false;
  // nodes only point behind themselves, and each but the root is pointed to once: so they are one tree
  std::vector<bool> is_child(head.nodes), is_taken(units);
  for (std::uint64_t i = 0; i < head.nodes; ++i) {
    const auto unit = (i + 1) / 2;
    const auto at = read<tree_layout::node>(state, layout.unit_begin(unit) + (i + 1) % 2 * layout.node_words);
    if (i > 0 && !is_child[i])
      return false;
    if (at.input < 0) {
      if (at.input != -1 || at.left > head.nodes / 2 || is_taken[at.left])
        return false;
      is_taken[at.left] = true;
      if (!is_leaf(state, layout.unit_begin(at.left) + 2 * layout.node_words, layout))
        return false;
      continue;
    }
    if (at.input >= static_cast<std::int64_t>(layout.inputs) || is_wrong(at.threshold) != 0)
      return false;
    for (const auto child : {at.left, at.right}) {
      if (child <= i || child >= head.nodes || is_child[child])
        return false;
      is_child[child] = true;
    }
  }
  return true;
}

} // namespace weir::models::online
