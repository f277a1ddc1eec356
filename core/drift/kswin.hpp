#pragma once

#include "core/drift/drift_level.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace weir::core {

/// Names and defaults are river's.
struct kswin_options {
  double alpha = 0.005;            ///< a drift at this p value or below, above 0 and below 1
  std::uint32_t window_size = 100; ///< values that are held, at most kswin::max_window_size
  std::uint32_t stat_size = 30;    ///< the newest of them, and as many that are drawn from the others: half at most
  std::uint64_t seed = 0;          ///< of what is drawn
};

/// Kolmogorov-Smirnov windowing (Raab, Heusinger and Schleif 2020): the newest values of a window have another
/// distribution than as many that are drawn at random from the older ones. It sees changes of spread and shape too, and
/// tests at each value: of values that stay alike many windows in a row tell a false drift at the default alpha, so
/// choose a smaller one for long streams. Plain bytes, all zero when it has seen nothing; it begins anew behind a
/// drift, as its drawing does, and gives no warnings. A value costs more than a microsecond.
///
/// river's draws by Python's generator, so its detections are not the same, drawn alike they are.
class kswin {
public:
  static constexpr std::size_t max_window_size = 512;

  /// @param value finite  @returns none or drift
  drift_level add(double value, const kswin_options& options) noexcept;

  /// Values in the window.
  std::size_t width() const noexcept { return static_cast<std::size_t>(width_); }

  /// Whether bytes can be what add() has left.
  bool valid() const noexcept;

private:
  double at(std::size_t i) const noexcept { return values_[(oldest_ + i) % max_window_size]; }
  bool has_changed(std::size_t newest, const kswin_options& options) const noexcept;

  std::uint64_t looks_; ///< since the beginning: what is drawn follows from it
  std::uint64_t oldest_;
  std::uint64_t width_;
  std::array<double, max_window_size> values_; ///< a ring; 0 where there is none
};

static_assert(std::is_trivially_copyable_v<kswin> && std::is_trivially_default_constructible_v<kswin>);

} // namespace weir::core
