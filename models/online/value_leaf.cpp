#include "models/online/value_leaf.hpp"

#include "models/online/chosen_inputs.hpp"

#include <algorithm>
#include <cstring>

namespace weir::models::online {

value_leaf::place value_leaf::find(std::size_t i, double value) noexcept {
  const auto known = table(i);
  const auto at = std::ranges::lower_bound(known, value, {}, &value_layout::entry::value);
  const auto index = static_cast<std::size_t>(at - known.begin());
  if (index < known.size() && known[index].value == value)
    return {index, false};
  if (known.size() < layout_->values)
    return {index, true};
  const bool is_lower_nearer =
      index == known.size() || (index > 0 && value - known[index - 1].value <= known[index].value - value);
  return {is_lower_nearer ? index - 1 : index, false};
}

value_layout::entry& value_leaf::insert(std::size_t i, std::size_t index, double value) noexcept {
  auto* const at = entries(i) + index;
  std::memmove(at + 1, at, (count(i) - index) * sizeof *at);
  ++count(i);
  *at = {value, {}};
  return *at;
}

void value_leaf::clear(std::uint64_t seed) noexcept {
  std::memset(words_, 0, layout_->leaf_words() * 8);
  own().is_active = 1;
  restart(seed);
}

void value_leaf::restart(std::uint64_t seed) noexcept {
  forget_inputs();
  choose_inputs({chosen(), layout_->observed}, layout_->inputs, seed);
}

void value_leaf::forget_inputs() noexcept {
  std::memset(table_begin(0), 0, layout_->observed_inputs() * layout_->table_words() * 8);
}

bool is_value_leaf(std::span<const std::byte> state, std::size_t begin, const value_layout& layout) {
  const auto own = read_words<value_layout::leaf>(state, begin);
  if (own.is_active > 1 || !(own.truth.weight >= 0))
    return false;
  auto wrong = own.truth.wrong() | is_wrong(own.last_attempt) | is_wrong(own.mean_error) | is_wrong(own.model_error);
  auto word = begin + sizeof own / 8;
  for (std::size_t i = 1; i < layout.model_words(); ++i) // the first word of the weights is a count
    wrong |= is_wrong(read_words<double>(state, word + i));
  word += layout.model_words();
  for (std::size_t i = 0; i < layout.observed_inputs(); ++i, word += layout.table_words()) {
    const auto count = read_words<std::uint64_t>(state, word);
    const auto entry_at = [&](std::size_t e) { return word + 1 + e * (sizeof(value_layout::entry) / 8); };
    if (count > layout.values)
      return false;
    for (std::size_t e = 0; e < count; ++e) {
      const auto entry = read_words<value_layout::entry>(state, entry_at(e));
      wrong |= is_wrong(entry.value) | entry.truth.wrong();
      if (!(entry.truth.weight > 0) || (e > 0 && !(read_words<double>(state, entry_at(e - 1)) < entry.value)))
        return false;
    }
  }
  for (std::size_t i = 0; i < layout.observed; ++i) {
    const auto input = read_words<std::uint64_t>(state, word + i);
    if (input >= layout.inputs || (i > 0 && input <= read_words<std::uint64_t>(state, word + i - 1)))
      return false;
  }
  return wrong == 0;
}

} // namespace weir::models::online
