#include "models/trees/binned_features.hpp"

#include "models/share_out.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace weir::models {

namespace {

/// Borders of bins are taken from so many values: more change them by less than the bins are wide.
constexpr std::size_t sampled = 200'000;

} // namespace

/// The highest value of each bin but the last one.
std::vector<float> binned_features::borders_of(const std::vector<double>& values, std::size_t bins) {
  std::vector<float> sorted;
  const auto step = std::max<std::size_t>(1, values.size() / sampled);
  for (std::size_t i = 0; i < values.size(); i += step)
    if (values[i] == values[i])
      sorted.push_back(static_cast<float>(values[i]));
  std::sort(sorted.begin(), sorted.end());
  std::size_t distinct = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i)
    distinct += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
  std::vector<float> borders;
  const auto is_exact = distinct <= bins;
  for (std::size_t i = 0; i < sorted.size();) {
    // The k-th bin ends where k of `bins` parts of the values have been seen; equal values share a bin.
    const auto share = (borders.size() + 1) * sorted.size() / bins;
    auto end = is_exact ? i + 1 : std::clamp(share, i + 1, sorted.size());
    while (end < sorted.size() && sorted[end] == sorted[end - 1])
      ++end;
    if (end < sorted.size())
      borders.push_back(sorted[end - 1]);
    i = end;
  }
  return borders;
}

void binned_features::take_borders(std::size_t feature, std::vector<float> borders) {
  constexpr auto infinity = std::numeric_limits<float>::infinity();
  bins_[feature].assign(borders.size() + 1, {infinity, -infinity});
  borders_[feature] = std::move(borders);
}

std::uint8_t binned_features::code_of(std::size_t feature, double exact) noexcept {
  const auto value = static_cast<float>(exact);
  if (value != value)
    return missing;
  // branch-free: how many borders are below the value
  const auto& borders = borders_[feature];
  const auto* at = borders.data();
  for (auto size = borders.size(); size > 1; size -= size / 2)
    at += at[size / 2 - 1] < value ? size / 2 : 0;
  const auto index = static_cast<std::size_t>(at - borders.data()) + (!borders.empty() && *at < value ? 1 : 0);
  auto& into = bins_[feature][index];
  into = {std::min(into.lowest, value), std::max(into.highest, value)};
  return static_cast<std::uint8_t>(index);
}

/// A bin for each code up to the largest one.
std::vector<float> binned_features::codes_of(const std::vector<double>& values) {
  double most = 0;
  for (const auto value : values)
    most = std::max(most, std::isnan(value) ? 0 : value);
  std::vector<float> borders;
  for (double code = 0; code < std::min<double>(most, max_bins - 1); ++code)
    borders.push_back(static_cast<float>(code));
  return borders;
}

void binned_features::encode(std::size_t feature, const std::vector<double>& values, std::vector<float> borders) {
  take_borders(feature, std::move(borders));
  auto* code = codes_.data() + feature;
  for (const auto value : values) {
    *code = code_of(feature, value);
    code += bins_.size();
  }
}

binned_features binned_features::make(std::span<const std::vector<double>> features, std::size_t bins,
                                      std::size_t threads, std::span<const category_feature> categories) {
  binned_features made;
  made.rows_ = features.empty() ? 0 : features.front().size();
  made.bins_.resize(features.size());
  made.borders_.resize(features.size());
  made.codes_.resize(made.rows_ * features.size());
  share_out(features.size(), threads, [&] {
    return [&](std::size_t f) {
      const auto has_codes = std::ranges::find(categories, f, &category_feature::feature) != categories.end();
      made.encode(f, features[f],
                  has_codes ? codes_of(features[f]) : borders_of(features[f], std::min(bins, max_bins)));
    };
  });
  return made;
}

binned_features binned_features::with_borders_of(std::span<const std::vector<double>> sample, std::size_t bins,
                                                 std::size_t rows) {
  binned_features made;
  made.rows_ = rows;
  made.bins_.resize(sample.size());
  made.borders_.resize(sample.size());
  made.codes_.resize(rows * sample.size());
  for (std::size_t f = 0; f < sample.size(); ++f)
    made.take_borders(f, borders_of(sample[f], std::clamp<std::size_t>(bins, 2, max_bins)));
  return made;
}

void binned_features::set(std::size_t row, std::span<const double> values) noexcept {
  for (std::size_t f = 0; f < bins_.size(); ++f)
    codes_[row * bins_.size() + f] = code_of(f, values[f]);
}

std::shared_ptr<const binned_features> bins_of(const training_data& data, std::size_t bins, std::size_t threads) {
  if (data.bins != nullptr)
    return data.bins;
  return std::make_shared<const binned_features>(binned_features::make(data.features, bins, threads, data.categories));
}

float binned_features::threshold(std::size_t feature, std::size_t left, std::size_t right) const noexcept {
  const auto low = bins_[feature][left].highest;
  const auto high = bins_[feature][right].lowest;
  const auto middle = static_cast<float>((static_cast<double>(low) + static_cast<double>(high)) / 2);
  return middle < high ? middle : low;
}

} // namespace weir::models
