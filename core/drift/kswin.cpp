#include "core/drift/kswin.hpp"

#include "core/base/fnv1a.hpp"
#include "core/drift/kolmogorov_smirnov.hpp"
#include "core/drift/sort_block.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <utility>

namespace weir::core {

drift_level kswin::add(double value, const kswin_options& options) noexcept {
  const auto most = std::clamp<std::size_t>(options.window_size, 2, max_window_size);
  while (width_ >= most) {
    values_[oldest_] = 0;
    oldest_ = (oldest_ + 1) % max_window_size;
    --width_;
  }
  values_[(oldest_ + width_) % max_window_size] = value;
  ++width_;
  if (width_ < most)
    return drift_level::none;
  const bool is_drift = has_changed(std::clamp<std::size_t>(options.stat_size, 1, most / 2), options);
  ++looks_;
  if (!is_drift)
    return drift_level::none;
  *this = {};
  return drift_level::drift;
}

bool kswin::has_changed(std::size_t newest, const kswin_options& options) const noexcept {
  const auto older = width() - newest;
  std::array<std::uint16_t, max_window_size> order;
  std::iota(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(older), std::uint16_t{0});
  std::array<double, max_window_size / 2> drawn, now;
  for (std::size_t i = 0; i < newest; ++i) {
    const auto number = looks_ * newest + i + 1;
    const auto random = mixed(options.seed * 0xd1342543de82ef95 + number * 0x9e3779b97f4a7c15);
    // The upper half of it, times how many are left, over 2^32: even to 1e-7.
    const auto other = i + static_cast<std::size_t>(((random >> 32) * (older - i)) >> 32);
    std::swap(order[i], order[other]);
    drawn[i] = at(order[i]);
    now[i] = at(older + i);
  }
  const std::span before{drawn.data(), newest}, behind{now.data(), newest};
  std::array<double, max_window_size> room;
  sort_block(before, room);
  sort_block(behind, room);
  const auto distance = kolmogorov_smirnov_distance(before, behind);
  return distance > 0.1 && kolmogorov_smirnov_p_value(distance, newest, newest) <= options.alpha;
}

bool kswin::valid() const noexcept {
  return oldest_ < max_window_size && width_ <= max_window_size
         && std::all_of(values_.begin(), values_.end(), [](double x) { return std::isfinite(x); });
}

} // namespace weir::core
