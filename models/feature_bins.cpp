#include "models/feature_bins.hpp"

#include <algorithm>

namespace weir::models {

feature_bins feature_bins::make(std::span<const float> values) {
  std::vector<float> sorted{values.begin(), values.end()};
  std::sort(sorted.begin(), sorted.end());
  std::size_t distinct = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i)
    distinct += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;

  feature_bins made;
  const auto is_exact = distinct <= max_bins;
  for (std::size_t i = 0; i < sorted.size();) {
    // The k-th bin ends where k of 255 parts of the values have been seen; equal values share a bin.
    const auto share = (made.bins_.size() + 1) * sorted.size() / max_bins;
    auto end = is_exact ? i + 1 : std::clamp(share, i + 1, sorted.size());
    while (end < sorted.size() && sorted[end] == sorted[end - 1])
      ++end;
    made.bins_.push_back({sorted[i], sorted[end - 1]});
    i = end;
  }
  made.codes_.reserve(values.size());
  for (const auto value : values) {
    const auto at = std::lower_bound(made.bins_.begin(), made.bins_.end(), value,
                                     [](const bin& b, float x) { return b.highest < x; });
    made.codes_.push_back(static_cast<std::uint8_t>(at - made.bins_.begin()));
  }
  return made;
}

float feature_bins::threshold(std::size_t left, std::size_t right) const noexcept {
  const auto low = bins_[left].highest;
  const auto high = bins_[right].lowest;
  const auto middle = static_cast<float>((static_cast<double>(low) + static_cast<double>(high)) / 2);
  return middle < high ? middle : low;
}

} // namespace weir::models
