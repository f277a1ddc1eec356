#include "core/detect/streaming_octiles.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace weir::core {

namespace {

/// Of the span of the levels: the least step, so that they never stand still.
constexpr double least_step = 0.004;

} // namespace

std::size_t streaming_octiles::add(double value) noexcept {
  ++count_;
  if (held_ < first_values) {
    first_[held_++] = value;
    take_levels();
  } else if (levels_.front() < levels_.back()) {
    move_levels(value);
  } else {
    // A step is a share of the span, and there is none yet.
    held_ = 1;
    first_[0] = value;
  }
  return static_cast<std::size_t>(std::ranges::count_if(levels_, [&](double level) { return value > level; }));
}

void streaming_octiles::take_levels() noexcept {
  auto sorted = first_;
  const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(held_);
  std::sort(sorted.begin(), end);
  for (std::size_t i = 0; i < levels_.size(); ++i)
    levels_[i] = sorted[std::min<std::size_t>(held_ - 1, (i + 1) * held_ / shares)];
}

void streaming_octiles::move_levels(double value) noexcept {
  const auto step = (levels_.back() - levels_.front()) * std::max(least_step, 2 / static_cast<double>(count_));
  for (std::size_t i = 0; i < levels_.size(); ++i) {
    const auto below = static_cast<double>(i + 1) / shares;
    levels_[i] += value > levels_[i] ? step * below : value < levels_[i] ? -step * (1 - below) : 0;
  }
  // They move by little: few of them pass each other.
  for (std::size_t i = 1; i < levels_.size(); ++i)
    for (auto k = i; k > 0 && levels_[k] < levels_[k - 1]; --k)
      std::swap(levels_[k], levels_[k - 1]);
}

bool streaming_octiles::valid() const noexcept {
  const auto is_finite = [](double value) { return std::isfinite(value); };
  return held_ <= first_values && std::ranges::all_of(first_, is_finite) && std::ranges::all_of(levels_, is_finite)
         && std::ranges::is_sorted(levels_);
}

} // namespace weir::core
