#include "models/online/tree_units.hpp"

#include "models/online/sums.hpp"

namespace weir::models::online {

tree_check::tree_check(std::span<const std::byte> state, const unit_layout& layout, std::size_t inputs) :
    state_{state}, layout_{&layout}, inputs_{inputs}, is_visited_(2 * layout.units(state.size())),
    is_taken_(layout.units(state.size())) {}

bool tree_check::is_test(const tree_node& at) const noexcept {
  return at.input < static_cast<std::int64_t>(inputs_) && is_wrong(at.threshold) == 0;
}

bool tree_check::is_of(std::uint64_t unit, std::uint64_t owner) const noexcept {
  return unit < is_taken_.size()
         && (layout_->owner_words == 0
             || read_words<std::uint64_t>(state_, layout_->unit_begin(static_cast<std::size_t>(unit))) == owner);
}

bool tree_check::visit(std::uint64_t node, std::uint64_t owner) {
  const auto number = static_cast<std::size_t>(node);
  if (number >= is_visited_.size() || is_visited_[number] || !is_of(unit_layout::unit_of(number), owner))
    return false;
  is_visited_[number] = true;
  ++nodes_;
  open_.push_back(number);
  return true;
}

bool tree_check::take(std::uint64_t unit, std::uint64_t owner) {
  if (!is_of(unit, owner) || is_taken_[static_cast<std::size_t>(unit)])
    return false;
  is_taken_[static_cast<std::size_t>(unit)] = true;
  return true;
}

} // namespace weir::models::online
