#pragma once

#include "models/online/sums.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace weir::models::online {

/// Takes each input to mean 0 and variance 1, as far as is known by then: the mean and the population variance of the
/// rows so far, by the recurrence of Welford (1962), as river's StandardScaler. An input that was always the same
/// becomes 0. A view of the state: the means, the variances and one over the standard deviations.
class standard_scaler {
public:
  static constexpr std::size_t numbers_per_input = 3;

  standard_scaler(double* state, std::size_t inputs) noexcept :
      mean_{state}, variance_{state + inputs}, scale_{state + 2 * inputs}, inputs_{inputs} {}

  void transform(const double* from, double* into) const noexcept {
    for (std::size_t i = 0; i < inputs_; ++i)
      into[i] = (from[i] - mean_[i]) * scale_[i];
  }

  /// False, and nothing is learned: a mean or a variance would not be finite.
  /// @param seen rows so far  @param scratch twice as many as inputs
  bool learn(const double* __restrict row, std::uint64_t seen, double* __restrict scratch) noexcept {
    const auto share = 1 / static_cast<double>(seen + 1);
    auto* __restrict mean = mean_;
    auto* __restrict variance = variance_;
    unsigned wrong = 0;
    for (std::size_t i = 0; i < inputs_; ++i) {
      scratch[i] = mean[i];
      scratch[inputs_ + i] = variance[i];
      const auto delta = row[i] - mean[i];
      const auto next = mean[i] + delta * share;
      const auto next_variance = variance[i] + (delta * (row[i] - next) - variance[i]) * share;
      wrong |= is_wrong(next) | is_wrong(next_variance);
      mean[i] = next;
      variance[i] = next_variance;
    }
    if (wrong != 0) {
      std::copy_n(scratch, 2 * inputs_, mean_); // the variances stand behind the means
      return false;
    }
    for (std::size_t i = 0; i < inputs_; ++i)
      scale_[i] = variance[i] > 0 ? 1 / std::sqrt(variance[i]) : 0.0;
    return true;
  }

private:
  double* mean_;
  double* variance_;
  double* scale_;
  std::size_t inputs_;
};

} // namespace weir::models::online
