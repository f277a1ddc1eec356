#include "core/drift/adwin.hpp"

#include <algorithm>
#include <cmath>

namespace weir::core {

bool adwin::add(double value, const adwin_options& options) noexcept {
  rows_ = std::max<std::uint64_t>(rows_, 1);
  buckets_[0][counts_[0]++] = {value, 0};
  if (width_ > 0) {
    const auto distance = value - total_ / width_;
    squares_ += width_ * distance * distance / (width_ + 1);
  }
  width_ += 1;
  total_ += value;
  compress();
  ++added_;
  if (added_ % options.clock != 0 || !(width_ > options.grace_period))
    return false;
  bool has_changed = false;
  while (has_change(options)) {
    has_changed = true;
    drop_oldest();
  }
  return has_changed;
}

void adwin::compress() noexcept {
  for (std::size_t row = 0; row < rows_ && counts_[row] > max_buckets; ++row) {
    auto& buckets = buckets_[row];
    if (row + 1 == max_sizes)
      return drop_oldest();
    rows_ = std::max<std::uint64_t>(rows_, row + 2);
    const auto size = size_of(row);
    const auto distance = buckets[0].total / size - buckets[1].total / size;
    buckets_[row + 1][counts_[row + 1]++] = {buckets[0].total + buckets[1].total,
                                             buckets[0].squares + buckets[1].squares + size / 2 * distance * distance};
    std::copy(buckets.begin() + 2, buckets.end(), buckets.begin());
    counts_[row] -= 2;
    std::fill(buckets.begin() + static_cast<std::ptrdiff_t>(counts_[row]), buckets.end(), bucket{0, 0});
  }
}

void adwin::drop_oldest() noexcept {
  const auto row = static_cast<std::size_t>(rows_ - 1);
  auto& buckets = buckets_[row];
  const auto size = size_of(row);
  const auto oldest = buckets[0];
  width_ -= size;
  total_ -= oldest.total;
  const auto distance = width_ > 0 ? oldest.total / size - total_ / width_ : 0;
  squares_ -= oldest.squares + size * width_ * distance * distance / (size + width_);
  std::copy(buckets.begin() + 1, buckets.end(), buckets.begin());
  buckets.back() = {0, 0};
  if (--counts_[row] == 0)
    --rows_;
}

bool adwin::has_change(const adwin_options& options) const noexcept {
  double older = 0, older_total = 0;
  auto newer = width_, newer_total = total_;
  const double least = options.min_window_length;
  for (auto row = static_cast<std::size_t>(rows_); row-- > 0;) {
    for (std::size_t i = 0; i < counts_[row]; ++i) {
      older += size_of(row);
      newer -= size_of(row);
      older_total += buckets_[row][i].total;
      newer_total -= buckets_[row][i].total;
      if (newer < least || newer < 1)
        return false; // it only becomes shorter from here on
      if (older >= least && is_cut(older, newer, older_total / older - newer_total / newer, options))
        return true;
    }
  }
  return false;
}

bool adwin::is_cut(double older, double newer, double distance, const adwin_options& options) const noexcept {
  const auto confidence = std::log(2 * std::log(width_) / options.delta);
  const double least = options.min_window_length;
  const auto shares = 1 / (older - least + 1) + 1 / (newer - least + 1);
  const auto bound = std::sqrt(2 * shares * variance() * confidence) + 2.0 / 3.0 * confidence * shares;
  return std::abs(distance) > bound;
}

bool adwin::valid() const noexcept {
  if (rows_ > max_sizes || !std::isfinite(total_) || !std::isfinite(squares_))
    return false;
  double width = 0;
  for (std::size_t row = 0; row < max_sizes; ++row) {
    if (counts_[row] > max_buckets || (counts_[row] != 0) != (row < rows_))
      return false;
    width += static_cast<double>(counts_[row]) * size_of(row);
    for (std::size_t i = 0; i < buckets_[row].size(); ++i)
      if (!std::isfinite(buckets_[row][i].total) || !std::isfinite(buckets_[row][i].squares))
        return false;
  }
  return width == width_;
}

} // namespace weir::core
