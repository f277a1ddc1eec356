#pragma once

#include <cmath>
#include <cstddef>
#include <limits>

namespace weir::models::online {

/// Four sums at a time, in an order that nothing but `count` decides: one alone would wait for each addition.
inline double dot(const double* a, const double* b, std::size_t count) noexcept {
  double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
    s2 += a[i + 2] * b[i + 2];
    s3 += a[i + 3] * b[i + 3];
  }
  for (; i < count; ++i)
    s0 += a[i] * b[i];
  return (s0 + s1) + (s2 + s3);
}

/// The sum of squared differences, likewise.
inline double square_distance(const double* a, const double* b, std::size_t count) noexcept {
  double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  std::size_t i = 0;
  for (; i + 4 <= count; i += 4) {
    s0 += (a[i] - b[i]) * (a[i] - b[i]);
    s1 += (a[i + 1] - b[i + 1]) * (a[i + 1] - b[i + 1]);
    s2 += (a[i + 2] - b[i + 2]) * (a[i + 2] - b[i + 2]);
    s3 += (a[i + 3] - b[i + 3]) * (a[i + 3] - b[i + 3]);
  }
  for (; i < count; ++i)
    s0 += (a[i] - b[i]) * (a[i] - b[i]);
  return (s0 + s1) + (s2 + s3);
}

/// 1 for infinity and NaN, else 0: many are put together by `|`, without a branch for each.
inline unsigned is_wrong(double number) noexcept {
  return std::abs(number) <= std::numeric_limits<double>::max() ? 0u : 1u;
}

} // namespace weir::models::online
