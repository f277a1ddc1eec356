#pragma once

#include "models/training_data.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
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
  /// @param threads what is made is the same whatever it is @param categories of which features: the values are codes,
  /// each of which is its bin
  static binned_features make(std::span<const std::vector<double>> features, std::size_t bins, std::size_t threads,
                              std::span<const category_feature> categories = {});

  /// Bins of rows that come one after the other, by set(). Their borders are those of `sample`, some of the rows;
  /// where these are all rows, what comes out is what make() makes.
  static binned_features with_borders_of(std::span<const std::vector<double>> sample, std::size_t bins,
                                         std::size_t rows);

  /// @param values of a row, by feature
  void set(std::size_t row, std::span<const double> values) noexcept;

  std::size_t rows() const noexcept { return rows_; }
  std::size_t features() const noexcept { return bins_.size(); }

  /// Bins of a feature that hold values, beside that of what is missing.
  std::size_t bins(std::size_t feature) const noexcept { return bins_[feature].size(); }

  /// One bin for each feature.
  const std::uint8_t* row(std::size_t i) const noexcept { return codes_.data() + i * bins_.size(); }

  /// The highest value in a bin; -infinity where it has none.
  float highest(std::size_t feature, std::size_t at) const noexcept { return bins_[feature][at].highest; }

  /// A number between the values of bin `left` and those of bin `right`, which may be equal to one of the left ones.
  /// @pre left < right
  float threshold(std::size_t feature, std::size_t left, std::size_t right) const noexcept;

private:
  struct bin {
    float lowest;
    float highest;
  };

  static std::vector<float> borders_of(const std::vector<double>& values, std::size_t bins);
  std::uint8_t code_of(std::size_t feature, double exact) noexcept;
  void encode(std::size_t feature, const std::vector<double>& values, std::vector<float> borders);
  static std::vector<float> codes_of(const std::vector<double>& values);
  void take_borders(std::size_t feature, std::vector<float> borders);

  std::size_t rows_ = 0;
  std::vector<std::vector<float>> borders_; ///< by feature: the highest value of each bin but the last one
  std::vector<std::vector<bin>> bins_;      ///< by feature
  std::vector<std::uint8_t> codes_;         ///< row by row
};

/// The bins of some data: those that it has, else made of its numbers.
std::shared_ptr<const binned_features> bins_of(const training_data& data, std::size_t bins, std::size_t threads);

} // namespace weir::models
