#pragma once

#include "core/drift/drift_level.hpp"
#include "core/drift/running_mean.hpp"

#include <cstdint>
#include <type_traits>

namespace weir::core {

enum class page_hinkley_mode : std::uint8_t {
  up,
  down,
  both,
};

/// Names and defaults are river's.
struct page_hinkley_options {
  std::uint32_t min_instances = 30; ///< values before it says anything
  double delta = 0.005;             ///< how far a value may lie from the mean without counting, in its unit
  double threshold = 50;            ///< of the deviations summed up, in the values' unit
  double alpha = 1 - 0.0001;        ///< how much of the sum is kept at each value; 1: all of it
  page_hinkley_mode mode = page_hinkley_mode::both;
};

/// The test of Page (1954) and Hinkley (1971): deviations from the mean so far are summed up, and the sum has risen by
/// a threshold above its least (mode up), or fallen as much below its largest (mode down). Plain bytes, all zero when
/// it has seen nothing; it begins anew behind a drift, and gives no warnings. Threshold and delta have the values'
/// unit, so they fit numbers near one; scale others.
class page_hinkley {
public:
  /// @param value finite; sums that would be infinite are a drift  @returns none or drift
  drift_level add(double value, const page_hinkley_options& options) noexcept;

  /// Values since the beginning or the last drift.
  std::uint64_t count() const noexcept { return values_.count; }
  double mean() const noexcept { return values_.mean; }

  /// Whether bytes can be what add() has left.
  bool valid() const noexcept;

private:
  running_mean values_;
  double rise_; ///< deviations summed up, less delta each
  double least_rise_;
  double fall_; ///< deviations summed up, and delta each
  double largest_fall_;
};

static_assert(std::is_trivially_copyable_v<page_hinkley> && std::is_trivially_default_constructible_v<page_hinkley>);

} // namespace weir::core
