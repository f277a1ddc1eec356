#include "steps/detect/deviation.hpp"

#include "core/detect/normal_deviation.hpp"

#include <algorithm>

namespace weir::steps {

namespace {

// From so many values on, the difference is smaller than what the tail is known to.
constexpr double many_values = 500;

} // namespace

double deviation::strangeness(const scored& found) noexcept {
  const auto z = std::abs(found.score);
  if (found.count >= many_values)
    return z;
  // The score is taken with the variance of a population, and the value was not among those of the mean.
  const auto n = found.count;
  const auto nu = std::max(n - 1, 1.0);
  return core::normal_deviation(z * std::sqrt(nu / (n + 1)), nu);
}

std::string deviation::describe(double x, const scored& found) {
  return "is " + core::short_number(std::abs(found.score)) + " standard deviations "
         + (x > found.expected ? "above " : "below ") + core::short_number(found.expected);
}

} // namespace weir::steps
