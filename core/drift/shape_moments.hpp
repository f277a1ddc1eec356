#pragma once

#include <cmath>
#include <cstdint>
#include <type_traits>

namespace weir::core {

/// Count, mean and the sums of squared, cubed and fourth powers of deviations from it; trivially copyable, all zero
/// when empty. One pass, exact to rounding at any offset of the values, and merged (Pebay 2008).
struct shape_moments {
  std::uint64_t count;
  double mean;
  double m2;
  double m3;
  double m4;

  void add(double x) noexcept {
    const auto before = static_cast<double>(count);
    ++count;
    const auto n = static_cast<double>(count);
    const auto delta = x - mean, part = delta / n, square = part * part;
    const auto term = delta * part * before;
    mean += part;
    m4 += term * square * (n * n - 3 * n + 3) + 6 * square * m2 - 4 * part * m3;
    m3 += term * part * (n - 2) - 3 * part * m2;
    m2 += term;
  }

  void merge(const shape_moments& other) noexcept {
    if (other.count == 0)
      return;
    if (count == 0) {
      *this = other;
      return;
    }
    const auto a = static_cast<double>(count), b = static_cast<double>(other.count), n = a + b;
    const auto delta = other.mean - mean, part = delta / n, square = part * part;
    const auto term = delta * part * a * b;
    m4 += other.m4 + term * square * (a * a - a * b + b * b) + 6 * square * (a * a * other.m2 + b * b * m2)
          + 4 * part * (a * other.m3 - b * m3);
    m3 += other.m3 + term * part * (a - b) + 3 * part * (a * other.m2 - b * m2);
    m2 += other.m2 + term;
    mean += part * b;
    count += other.count;
  }

  /// Of a sample; 0 of fewer than two values.
  double variance() const noexcept { return count < 2 ? 0 : m2 / static_cast<double>(count - 1); }

  /// Whether bytes can be what add() and merge() have left of finite values.
  bool valid() const noexcept {
    return count < std::uint64_t{1} << 53 && std::isfinite(mean) && std::isfinite(m2) && std::isfinite(m3)
           && std::isfinite(m4) && m2 >= 0 && (count > 0 || (mean == 0 && m2 == 0 && m3 == 0 && m4 == 0));
  }
};

static_assert(std::is_trivially_copyable_v<shape_moments> && std::is_trivially_default_constructible_v<shape_moments>);

} // namespace weir::core
