#include "core/drift/kolmogorov_smirnov.hpp"

#include "core/drift/distribution_steps.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <numeric>
#include <vector>

namespace weir::core {

namespace {

/// Samples of the same size (Gnedenko and Korolyuk 1951): paths that stay within `steps` of the diagonal, by
/// reflection.
double p_of_equal_sizes(std::uint64_t n, std::uint64_t steps) noexcept {
  // 2 (C(2n, n-h) - C(2n, n-2h) + ...) / C(2n, n) as a nested product from the last term on: each is small beside the
  // one in front of it.
  double p = 0;
  for (auto k = n / steps; k > 0; --k) {
    double ratio = 1;
    for (std::uint64_t i = 0; i < steps; ++i)
      ratio *= static_cast<double>(n - k * steps + i + 1) / static_cast<double>(n + k * steps - i);
    p = ratio * (1 - p);
  }
  return std::clamp(2 * p, 0.0, 1.0);
}

/// A random walk from (0, 0) to (n, m) that takes the samples' values in turn: how probably it reaches a distance of
/// `steps` / lcm(n, m) somewhere. Only what leaves is summed up, so small p are as exact as large ones.
double p_by_paths(std::uint64_t n, std::uint64_t m, std::uint64_t steps) {
  if (n < m)
    std::swap(n, m); // the inner loop over the smaller one
  const auto divisor = std::gcd(n, m);
  const auto rise = static_cast<std::int64_t>(n / divisor), run = static_cast<std::int64_t>(m / divisor);
  const auto limit = static_cast<std::int64_t>(steps);
  std::vector<double> inside(m + 1, 0); // how probable (x, y) is without a distance in front of it
  inside[0] = 1;
  double outside = 0;
  std::uint64_t low = 0;
  for (std::uint64_t x = 0; x <= n; ++x) {
    double below = 0; // what comes to (x, y) from (x, y - 1)
    for (auto y = low; y <= m; ++y) {
      auto mass = below;
      if (x > 0) { // from (x - 1, y), by one of the n - (x - 1) values that were left of all
        const auto left = static_cast<double>(n + m - (x - 1) - y);
        mass += inside[y] * (static_cast<double>(n - (x - 1)) / left);
      } else if (y == 0) {
        mass = 1;
      }
      const auto gap = static_cast<std::int64_t>(x) * run - static_cast<std::int64_t>(y) * rise;
      if (gap >= limit || gap <= -limit) {
        outside += mass;
        mass = 0;
      }
      inside[y] = mass;
      const auto left = static_cast<double>(n + m - x - y);
      below = left > 0 ? mass * (static_cast<double>(m - y) / left) : 0;
      if (gap >= limit && y == low)
        ++low; // it stays outside, as x grows
      if (gap <= -limit)
        break; // so do those above, to which nothing comes
    }
  }
  return std::clamp(outside, 0.0, 1.0);
}

/// One-sided, exact: x sum C(n, j) (x + j/n)^(j-1) (1 - x - j/n)^(n-j).
double smirnov_sum(double n, double x) noexcept {
  double sum = 0;
  for (double j = 0; j <= std::floor(n * (1 - x)); ++j) {
    const auto rest = 1 - x - j / n;
    const auto power = rest > 0 ? (n - j) * std::log(rest) : (n > j ? -INFINITY : 0);
    sum += std::exp(std::lgamma(n + 1) - std::lgamma(j + 1) - std::lgamma(n - j + 1) + (j - 1) * std::log(x + j / n)
                    + power);
  }
  return std::min(1.0, x * sum);
}

/// The distribution function of sqrt(n) D, expanded to n^(-3/2).
double pelz_good(double n, double distance) noexcept {
  using std::numbers::pi;
  const auto z = std::sqrt(n) * distance;
  const auto z2 = z * z, z3 = z2 * z, z4 = z2 * z2, z6 = z3 * z3, z7 = z6 * z, z8 = z4 * z4, z10 = z6 * z4;
  const auto pi2 = pi * pi, pi4 = pi2 * pi2, pi6 = pi4 * pi2;
  double k0 = 0, k1 = 0, k2 = 0, k3 = 0;
  for (int i = 0; i < 40; ++i) {
    const auto half = i + 0.5, q = half * half, e = std::exp(-q * pi2 / (2 * z2));
    k0 += e;
    k1 += (pi2 * q - z2) * e;
    k2 += (6 * z6 + 2 * z4 + pi2 * (2 * z4 - 5 * z2) * q + pi4 * (1 - 2 * z2) * q * q) * e;
    k3 += (-30 * z6 - 90 * z8 + pi2 * (135 * z4 - 96 * z6) * q + pi4 * (212 * z4 - 60 * z2) * q * q
           + pi6 * (5 - 30 * z2) * q * q * q)
          * e;
  }
  double m2 = 0, m3 = 0;
  for (int i = 1; i < 40; ++i) {
    const double q = i * i, e = std::exp(-q * pi2 / (2 * z2));
    m2 += pi2 * q * e;
    m3 += (3 * pi2 * z2 * q - pi4 * q * q) * e;
  }
  const auto root = std::sqrt(pi / 2), root_n = std::sqrt(n);
  k0 *= std::sqrt(2 * pi) / z;
  k1 *= root / (3 * z4);
  k2 = k2 * root / (36 * z7) - m2 * root / (18 * z3);
  k3 = k3 * root / (3240 * z10) + m3 * root / (108 * z6);
  return k0 + k1 / root_n + k2 / n + k3 / (n * root_n);
}

double p_of_one_sample(double n, double distance) noexcept {
  const auto tail = n * distance * distance;
  if (distance <= 0)
    return 1;
  if (distance >= 1 || tail > 370)
    return 0;
  if (tail < 0.04) // 1 - p is below 1e-12
    return 1;
  if (tail < 2.2)
    return std::clamp(1 - pelz_good(n, distance), 0.0, 1.0);
  if (n <= 100'000)
    return std::min(1.0, 2 * smirnov_sum(n, distance));
  const auto shift = 6 * n * distance + 1; // Smirnov's limit with the first correction
  return 2 * std::exp(-shift * shift / (18 * n));
}

template <class Steps>
double largest_gap(const Steps& one, const Steps& other) noexcept {
  if (one.size() == 0 || other.size() == 0)
    return 0;
  const auto n = one.below(one.size() - 1), m = other.below(other.size() - 1);
  double largest = 0; // times n m, so that it is exact
  for_each_step(one, other, [&](double, double of_one, double of_other) {
    largest = std::max(largest, std::abs(of_one * m - of_other * n));
  });
  return largest / (n * m);
}

} // namespace

double kolmogorov_smirnov_distance(std::span<const double> one, std::span<const double> other) noexcept {
  return largest_gap(sample_steps{one}, sample_steps{other});
}

double kolmogorov_smirnov_distance(const quantile_view& one, const quantile_view& other) noexcept {
  return largest_gap(view_steps{one}, view_steps{other});
}

double kolmogorov_smirnov_p_value(double distance, std::uint64_t n, std::uint64_t m, double most_paths) {
  const auto size = static_cast<double>(n), other = static_cast<double>(m);
  const bool is_closed_form = n == m && size * other <= 1e8;
  if (size * other > most_paths && !is_closed_form)
    return p_of_one_sample(std::round(size * other / (size + other)), distance);
  const auto multiple = static_cast<double>(n / std::gcd(n, m)) * other;
  const auto steps = static_cast<std::uint64_t>(std::max(0.0, std::round(distance * multiple)));
  if (steps == 0)
    return 1;
  return n == m ? p_of_equal_sizes(n, std::min(steps, n)) : p_by_paths(n, m, steps);
}

} // namespace weir::core
