#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weir::models {

/// The values of one feature in at most 255 bins of about equal counts: exact where there are no more distinct values.
class feature_bins {
public:
  static constexpr std::size_t max_bins = 255;

  /// @pre the values are finite
  static feature_bins make(std::span<const float> values);

  std::size_t size() const noexcept { return bins_.size(); }

  /// The bin of each value.
  const std::vector<std::uint8_t>& codes() const noexcept { return codes_; }

  /// A number between the values of bin `left` and those of bin `right`, which may be equal to one of the left ones.
  /// @pre left < right
  float threshold(std::size_t left, std::size_t right) const noexcept;

private:
  struct bin {
    float lowest;
    float highest;
  };

  std::vector<bin> bins_;
  std::vector<std::uint8_t> codes_;
};

} // namespace weir::models
