#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weir::models {

/// Features in at most 255 bins of about equal counts each: exact where there are no more distinct values. A row's bins
/// stand side by side.
class binned_features {
public:
  static constexpr std::size_t max_bins = 255;
  static constexpr std::uint8_t missing = 255; ///< the bin of NaN

  /// @param features each of as many values, which are rounded to float: so a model compares them @param bins of a
  /// feature, from 2 to max_bins
  /// @param threads what is made is the same whatever it is
  static binned_features make(std::span<const std::vector<double>> features, std::size_t bins, std::size_t threads);

  std::size_t rows() const noexcept { return rows_; }
  std::size_t features() const noexcept { return bins_.size(); }

  /// Bins of a feature that hold values, beside that of what is missing.
  std::size_t bins(std::size_t feature) const noexcept { return bins_[feature].size(); }

  /// One bin for each feature.
  const std::uint8_t* row(std::size_t i) const noexcept { return codes_.data() + i * bins_.size(); }

  /// A number between the values of bin `left` and those of bin `right`, which may be equal to one of the left ones.
  /// @pre left < right
  float threshold(std::size_t feature, std::size_t left, std::size_t right) const noexcept;

private:
  struct bin {
    float lowest;
    float highest;
  };

  static std::vector<float> borders_of(const std::vector<double>& values, std::size_t bins);
  void encode(std::size_t feature, const std::vector<double>& values, std::size_t bins);

  std::size_t rows_ = 0;
  std::vector<std::vector<bin>> bins_; ///< by feature
  std::vector<std::uint8_t> codes_;    ///< row by row
};

} // namespace weir::models
