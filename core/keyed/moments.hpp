#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>

namespace weir::core {

/// Count, mean, spread and extremes of a set of values; 40 bytes, trivially copyable, all zero when empty.
/// Welford's update and the merge of Chan, Golub and LeVeque (1979): exact to rounding at any offset of the values.
struct moments {
  std::uint64_t count = 0;
  double mean = 0;
  double m2 = 0; ///< sum of squared deviations from the mean
  double min = 0;
  double max = 0;

  void add(double x) noexcept {
    min = count == 0 ? x : std::min(min, x);
    max = count == 0 ? x : std::max(max, x);
    ++count;
    const auto delta = x - mean;
    mean += delta / static_cast<double>(count);
    m2 += delta * (x - mean);
  }

  void merge(const moments& other) noexcept {
    if (other.count == 0)
      return;
    if (count == 0) {
      *this = other;
      return;
    }
    const auto a = static_cast<double>(count);
    const auto b = static_cast<double>(other.count);
    const auto delta = other.mean - mean;
    mean += delta * (b / (a + b));
    m2 += other.m2 + delta * delta * (a * b / (a + b));
    count += other.count;
    min = std::min(min, other.min);
    max = std::max(max, other.max);
  }

  double sum() const noexcept { return mean * static_cast<double>(count); }

  /// Population standard deviation; 0 when empty.
  double stddev() const noexcept { return count == 0 ? 0 : std::sqrt(m2 / static_cast<double>(count)); }
};

static_assert(std::is_trivially_copyable_v<moments> && sizeof(moments) == 40);

} // namespace weir::core
