#include "core/drift/wasserstein_distance.hpp"

#include "core/drift/distribution_steps.hpp"

#include <cmath>

namespace weir::core {

namespace {

template <class Steps>
double area_between(const Steps& one, const Steps& other) {
  if (one.size() == 0 || other.size() == 0)
    return 0;
  const auto n = one.below(one.size() - 1), m = other.below(other.size() - 1);
  double area = 0, height = 0, last = 0;
  for_each_step(one, other, [&](double value, double of_one, double of_other) {
    if (height > 0)
      area += height * (value - last);
    height = std::abs(of_one / n - of_other / m);
    last = value;
  });
  return area;
}

} // namespace

double wasserstein_distance(std::span<const double> one, std::span<const double> other) noexcept {
  return area_between(sample_steps{one}, sample_steps{other});
}

double wasserstein_distance(const quantile_view& one, const quantile_view& other) noexcept {
  return area_between(view_steps{one}, view_steps{other});
}

} // namespace weir::core
