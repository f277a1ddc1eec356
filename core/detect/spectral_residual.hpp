#pragma once

#include <complex>
#include <cstddef>
#include <span>
#include <vector>

namespace weir::core {

/// How much the newest value of a series stands out in the inverse transform of its spectral residual (Ren et al.,
/// "Time-series anomaly detection service at Microsoft", KDD 2019): the spectrum's amplitudes are divided by their
/// geometric mean with both neighbours, so that what repeats goes and what is new stays. The mean is taken off before,
/// because a level is a peak of the spectrum, too, and hides what is beside it. Behind the newest value
/// stand `estimated` ones, which go on as the slopes before it do (as in the authors' code), because what stands out
/// best is not at an end. Causal: nothing behind the newest value is looked at. Immutable.
class spectral_residual {
public:
  static constexpr std::size_t estimated = 5;
  /// Values before the newest, whose mean saliency its own is compared with.
  static constexpr std::size_t compared = 21;

  /// @param size of the transform: a power of two, 32 to largest_size
  explicit spectral_residual(std::size_t size);

  static constexpr std::size_t largest_size = 1024;

  /// Values that score() takes.
  std::size_t window() const noexcept { return size_ - estimated; }

  /// (S - mean(S before)) / mean(S before), where S is the saliency; 0 where all values are the same.
  /// @param values window() of them, the newest last; finite, and so are their sums
  double score(std::span<const double> values) const noexcept;

private:
  std::size_t size_;
  std::vector<std::complex<double>> turns_;
};

} // namespace weir::core
