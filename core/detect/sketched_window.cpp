#include "core/detect/sketched_window.hpp"

#include "core/base/sorted_values.hpp"
#include "core/drift/sort_block.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace weir::core {

namespace {

/// Values from which there is a middle.
constexpr std::uint64_t first_look = 5;

} // namespace

void sketched_window::push(double x, std::uint32_t last) {
  newest_.add(x);
  const auto held = newest_.count();
  if (held >= block_of(last)) {
    blocks_[next_] = quantiles_of_newest();
    next_ = (next_ + 1) % blocks;
    full_ = std::min<std::uint64_t>(full_ + 1, blocks);
    newest_ = {};
    newest_.seed(next_); // so that sketches that follow each other draw other coins
    look(full_);
  } else if (full_ == 0 && held >= std::max(first_look, looked_at_ + looked_at_ / 4)) {
    looked_at_ = held;
    blocks_[0] = quantiles_of_newest();
    look(1);
  }
}

sketched_window::quantiles sketched_window::quantiles_of_newest() const {
  const auto all = newest_.view();
  quantiles made;
  std::size_t at = 0;
  for (std::size_t i = 0; i < points; ++i) {
    const auto wanted = (static_cast<double>(i) + 0.5) / points * static_cast<double>(all.count());
    while (at + 1 < all.values.size() && static_cast<double>(all.weights[at]) < wanted)
      ++at;
    made[i] = all.values[at];
  }
  return made;
}

void sketched_window::look(std::size_t full) noexcept {
  std::array<double, blocks * points> values;
  for (std::size_t i = 0; i < full; ++i)
    std::ranges::copy(blocks_[i], values.begin() + static_cast<std::ptrdiff_t>(i * points));
  std::array<double, 2 * blocks * points> room;
  const auto used = std::span{values}.first(full * points);
  sort_block(used, room);
  middle_ = {.lower_quartile = quantile_of_sorted(used, 0.25),
             .median = quantile_of_sorted(used, 0.5),
             .upper_quartile = quantile_of_sorted(used, 0.75),
             .median_distance = median_distance_of_sorted(used)};
}

bool sketched_window::valid(std::uint32_t last) const noexcept {
  const auto is_finite = [](double value) { return std::isfinite(value); };
  const auto is_block = [&](const quantiles& block) {
    return std::ranges::all_of(block, is_finite) && std::ranges::is_sorted(block);
  };
  return newest_.valid() && newest_.count() < block_of(last) && std::ranges::all_of(blocks_, is_block)
         && is_finite(middle_.lower_quartile) && is_finite(middle_.median) && is_finite(middle_.upper_quartile)
         && middle_.lower_quartile <= middle_.upper_quartile && std::isfinite(middle_.median_distance)
         && middle_.median_distance >= 0 && full_ <= blocks && next_ < blocks && looked_at_ <= last;
}

} // namespace weir::core
