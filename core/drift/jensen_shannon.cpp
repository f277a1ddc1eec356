#include "core/drift/jensen_shannon.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace weir::core {

namespace {

/// Sums up what visit(p, q) says of the shares of each bin; 0 where one has nothing in it.
template <class Visit>
double sum_over_shares(std::span<const std::uint64_t> reference, std::span<const std::uint64_t> window, Visit visit) {
  const auto n = static_cast<double>(std::accumulate(reference.begin(), reference.end(), std::uint64_t{0}));
  const auto m = static_cast<double>(std::accumulate(window.begin(), window.end(), std::uint64_t{0}));
  double sum = 0;
  if (n > 0 && m > 0)
    for (std::size_t i = 0; i < reference.size() && i < window.size(); ++i)
      sum += visit(static_cast<double>(reference[i]) / n, static_cast<double>(window[i]) / m);
  return sum;
}

} // namespace

double jensen_shannon(std::span<const std::uint64_t> reference, std::span<const std::uint64_t> window) noexcept {
  const auto divergence = sum_over_shares(reference, window, [](double p, double q) {
    const auto middle = (p + q) / 2;
    return (p > 0 ? p * std::log2(p / middle) : 0) + (q > 0 ? q * std::log2(q / middle) : 0);
  });
  return std::sqrt(std::clamp(divergence / 2, 0.0, 1.0));
}

double total_variation(std::span<const std::uint64_t> reference, std::span<const std::uint64_t> window) noexcept {
  return std::min(1.0, sum_over_shares(reference, window, [](double p, double q) { return std::abs(p - q); }) / 2);
}

} // namespace weir::core
