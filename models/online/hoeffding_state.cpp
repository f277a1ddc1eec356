#include "models/online/hoeffding_state.hpp"

#include "models/online/chosen_inputs.hpp"
#include "models/online/sums.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

namespace weir::models::online {

void tree_leaf::forget_inputs() noexcept {
  own().observed = 0;
  const auto classes = layout_->classes;
  std::memset(observed_order(), 0, classes * 8);
  std::memset(counts(), 0, (classes + 4 * classes * inputs()) * 8);
}

void tree_leaf::clear(std::uint64_t seed) noexcept {
  std::memset(words_, 0, layout_->leaf_words() * 8);
  own().is_active = 1;
  choose_inputs({chosen(), layout_->observed}, layout_->inputs, seed);
}

void tree_leaf::add(std::size_t c, double weight) noexcept {
  if (std::ranges::find(classes(), c) == classes().end())
    order()[own().classes++] = c;
  weights()[c] += weight;
}

bool tree_leaf::observe(std::size_t c, const double* row, double weight, double* scratch) noexcept {
  auto* const of = inputs_of(c);
  const auto count = counts()[c] + weight;
  unsigned wrong = is_wrong(count);
  for (std::size_t i = 0; i < inputs(); ++i) {
    const auto x = row[input(i)];
    const auto delta = x - of[i].mean;
    const auto mean = of[i].mean + delta * weight / count;
    scratch[2 * i] = mean;
    scratch[2 * i + 1] = of[i].squares + weight * delta * (x - mean);
    wrong |= is_wrong(mean) | is_wrong(scratch[2 * i + 1]);
  }
  if (wrong != 0)
    return false;
  const bool is_new = counts()[c] == 0;
  for (std::size_t i = 0; i < inputs(); ++i) {
    const auto x = row[input(i)];
    of[i] = {scratch[2 * i], scratch[2 * i + 1], is_new ? x : std::min(of[i].least, x),
             is_new ? x : std::max(of[i].largest, x)};
  }
  if (is_new)
    observed_order()[own().observed++] = c;
  counts()[c] = count;
  return true;
}

namespace {

/// Whether `count` words from `begin` on are different classes.
bool is_order(std::span<const std::byte> state, std::size_t begin, std::uint64_t count, std::size_t classes) {
  std::vector<bool> seen(classes);
  for (std::size_t i = 0; i < count; ++i) {
    const auto c = read_words<std::uint64_t>(state, begin + i);
    if (c >= classes || seen[c])
      return false;
    seen[c] = true;
  }
  return true;
}

} // namespace

bool is_class_leaf(std::span<const std::byte> state, std::size_t begin, const tree_layout& layout) {
  const auto own = read_words<tree_layout::leaf>(state, begin);
  const auto orders = begin + sizeof own / 8;
  if (own.is_active > 1 || own.classes > layout.classes || own.observed > layout.classes
      || !is_order(state, orders, own.classes, layout.classes)
      || !is_order(state, orders + layout.classes, own.observed, layout.classes))
    return false;
  // who has a count was observed, and nobody else: the order has room for each class once
  const auto counts = orders + 3 * layout.classes;
  std::uint64_t counted = 0;
  for (std::size_t c = 0; c < layout.classes; ++c)
    counted += read_words<double>(state, counts + c) != 0 ? 1 : 0;
  for (std::size_t i = 0; i < own.observed; ++i)
    if (!(read_words<double>(state, counts + read_words<std::uint64_t>(state, orders + layout.classes + i)) > 0))
      return false;
  if (counted != own.observed)
    return false;
  const auto chosen = begin + layout.leaf_words() - layout.observed;
  unsigned wrong = is_wrong(own.last_attempt) | is_wrong(own.majority_right) | is_wrong(own.bayes_right);
  for (auto word = orders + 2 * layout.classes; word < chosen; ++word)
    wrong |= is_wrong(read_words<double>(state, word));
  return wrong == 0 && is_order(state, chosen, layout.observed, layout.inputs);
}

bool is_tree(std::span<const std::byte> state, const tree_layout& layout) noexcept {
  const auto units = layout.units();
  if (!units.is_size(state.size()))
    return false;
  const auto head = read_words<tree_layout::head>(state, 0);
  if (head.classes > (layout.has_labels ? layout.classes : 0) || head.nodes / 2 > units.units(state.size()) - 1
      || (head.nodes != 0 && head.nodes % 2 == 0))
    return false;
  for (std::size_t i = 0; i < head.classes; ++i)
    if (!read_words<class_list::slot>(state, layout.head_words + i * class_list::slot_words).valid())
      return false;
  tree_check check{state.first(units.bytes(head.nodes / 2 + 1)), units, layout.inputs};
  return head.nodes == 0 || (check.leaves_of(0, 0, [&](std::size_t begin) {
           return is_class_leaf(state, begin, layout);
         }) && check.nodes() == head.nodes);
}

} // namespace weir::models::online
