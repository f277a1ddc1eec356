#include "core/detect/spectral_residual.hpp"

#include "core/base/fourier.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace weir::core {

namespace {

/// Of the largest amplitude: what is less is rounding.
constexpr double least_amplitude = 1e-12;

/// The value that follows by the mean slope from each of the last ones to the newest, drawn from `estimated` values
/// before it on.
double estimate_of(std::span<const double> values) noexcept {
  constexpr auto count = spectral_residual::estimated;
  const auto newest = values.size() - 1;
  double slope = 0;
  for (std::size_t i = 1; i <= count; ++i)
    slope += (values[newest] - values[newest - i]) / static_cast<double>(i) / count;
  return values[newest - count + 1] + slope * count;
}

} // namespace

spectral_residual::spectral_residual(std::size_t size) : size_{size}, turns_(size / 2) {
  fourier_turns(turns_);
}

double spectral_residual::score(std::span<const double> values) const noexcept {
  const auto [low, high] = std::ranges::minmax(values);
  if (!(low < high))
    return 0;
  std::array<double, largest_size> room, other_room;
  const auto real = std::span{room}.first(size_), imaginary = std::span{other_room}.first(size_);
  double mean = 0;
  for (const auto value : values)
    mean += value / static_cast<double>(values.size());
  const auto scaled = [mean, largest = std::max(high - mean, mean - low)](double x) { return (x - mean) / largest; };
  std::ranges::fill(real, scaled(estimate_of(values.first(values.size() - 1))));
  std::ranges::fill(imaginary, 0.0);
  std::ranges::transform(values, real.begin(), scaled);
  fourier_transform(real, imaginary, turns_);

  // exp(log|X| - mean of the logs) with the phase of X is X / exp(mean of the logs). Of numbers that are real the
  // spectrum's second half mirrors the first.
  const auto half = size_ / 2;
  std::array<double, largest_size / 2 + 1> roots; // the third ones of the amplitudes
  double largest = 0;
  for (std::size_t k = 0; k <= half; ++k)
    largest = std::max(largest, roots[k] = std::sqrt(real[k] * real[k] + imaginary[k] * imaginary[k]));
  const auto least = largest * least_amplitude;
  for (std::size_t k = 0; k <= half; ++k)
    roots[k] = std::cbrt(std::max(roots[k], least));
  for (std::size_t k = 0; k <= half; ++k) {
    const auto before = roots[k == 0 ? 1 : k - 1], after = roots[k == half ? half - 1 : k + 1];
    const auto average = before * roots[k] * after;
    // The other way round, this transform is its own inverse, but for the size, which no ratio depends on.
    const auto mirror = (size_ - k) % size_;
    real[mirror] = real[k] /= average;
    imaginary[mirror] = imaginary[k] / average;
    imaginary[k] = -imaginary[mirror];
  }
  fourier_transform(real, imaginary, turns_);
  const auto newest = values.size() - 1;
  double before = 0;
  for (std::size_t i = newest - compared; i < newest; ++i)
    before += std::abs(real[i]) / compared;
  return before > 0 ? (std::abs(real[newest]) - before) / before : 0;
}

} // namespace weir::core
