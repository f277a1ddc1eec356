#pragma once

#include <cmath>
#include <cstdint>

namespace weir::models::online {

enum class rate_schedule : std::uint8_t { constant, optimal, invscaling };

/// How long a step of gradient descent is. As river's schedulers; the names are scikit-learn's.
struct learning_rate {
  rate_schedule schedule = rate_schedule::constant;
  double rate = 0.01;
  double power = 0.5;    ///< of invscaling: rate / (step + 1)^power
  double alpha = 0.0001; ///< of optimal (Bottou 2012): 1 / (alpha (t0 + step))

  /// @param step from 0
  double at(std::uint64_t step) const noexcept {
    const auto t = static_cast<double>(step);
    switch (schedule) {
    case rate_schedule::constant: return rate;
    case rate_schedule::invscaling: return rate / std::pow(t + 1, power);
    case rate_schedule::optimal: {
      const auto typical_weight = std::sqrt(1 / std::sqrt(alpha));
      return 1 / (alpha * (1 / (typical_weight * alpha) + t));
    }
    }
    return rate;
  }
};

} // namespace weir::models::online
