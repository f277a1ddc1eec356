#include "models/online/random_forest_state.hpp"

#include <algorithm>

namespace weir::models::online {

forest_state::forest_state(std::span<std::byte> bytes, const forest_layout& layout, const unit_layout& units,
                           std::vector<state_range>* changed) noexcept :
    words_{reinterpret_cast<double*>(bytes.data())},
    layout_{&layout}, units_layout_{&units}, units_{units.units(bytes.size())}, trees_{words_, units, changed} {}

std::size_t forest_state::wanted() noexcept {
  const auto most = layout_->most_units();
  const auto grown = 2 * layout_->members; // a row lets each tree take one at most
  if (units_ >= most || units_ - 1 - head().used >= grown)
    return 0;
  return units_layout_->bytes(std::min(most, units_ + grown));
}

std::optional<std::size_t> forest_state::unit_for(std::size_t of) noexcept {
  if (tree(of).leaves >= layout_->max_leaves)
    return std::nullopt;
  for (auto unit = std::max<std::size_t>(1, static_cast<std::size_t>(head().first)); unit < units_; ++unit)
    if (trees_.owner(unit) == 0) {
      head().first = unit;
      return unit;
    }
  return std::nullopt;
}

void forest_state::give(std::size_t to, std::size_t unit) noexcept {
  trees_.owner(unit) = to + 1;
  auto& grown = tree(to);
  if (grown.leaves++ == 0)
    grown.root = 2 * unit;
  ++head().used;
  head().first = unit + 1;
}

void forest_state::clear(std::size_t number) noexcept {
  auto& of = tree(number);
  for (std::size_t unit = 1; unit < units_ && of.leaves > 0; ++unit) {
    if (trees_.owner(unit) != number + 1)
      continue;
    trees_.owner(unit) = 0;
    trees_.note(units_layout_->unit_begin(unit), 1);
    head().first = std::min<std::uint64_t>(head().first, unit);
    --head().used;
    --of.leaves;
  }
  of = {};
}

} // namespace weir::models::online
