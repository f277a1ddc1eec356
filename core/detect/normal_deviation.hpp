#pragma once

#include <cmath>

namespace weir::core {

/// The distance of a normal distribution, in standard deviations, that is as rare as a t of Student's distribution
/// (Wallace 1959). @param t not negative @param degrees_of_freedom 1 at least
inline double normal_deviation(double t, double degrees_of_freedom) noexcept {
  const auto nu = degrees_of_freedom;
  return std::sqrt(nu * std::log1p(t * t / nu)) * (8 * nu + 1) / (8 * nu + 3);
}

} // namespace weir::core
