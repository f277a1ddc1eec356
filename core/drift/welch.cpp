#include "core/drift/welch.hpp"

#include "core/drift/distributions.hpp"

#include <cmath>
#include <limits>

namespace weir::core {

welch_result welch(const shape_moments& reference, const shape_moments& window) {
  if (reference.count < 2 || window.count < 2)
    return {};
  const auto n = static_cast<double>(reference.count), m = static_cast<double>(window.count);
  const auto difference = reference.mean - window.mean;
  const auto of_n = reference.variance() / n, of_m = window.variance() / m;
  const auto endless = std::copysign(std::numeric_limits<double>::infinity(), difference);
  welch_result made;
  if (!(of_n + of_m > 0)) {
    if (difference != 0)
      made = {{endless, 0}, n + m - 2, endless, endless};
    return made;
  }
  made.statistic = difference / std::sqrt(of_n + of_m);
  made.degrees_of_freedom = (of_n + of_m) * (of_n + of_m) / (of_n * of_n / (n - 1) + of_m * of_m / (m - 1));
  made.p_value = student_two_sided(made.statistic, made.degrees_of_freedom);
  made.cohens_d = difference / std::sqrt((reference.m2 + window.m2) / (n + m - 2));
  made.hedges_g = made.cohens_d * (1 - 3 / (4 * (n + m) - 9));
  return made;
}

} // namespace weir::core
