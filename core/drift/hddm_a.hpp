#pragma once

#include "core/drift/drift_level.hpp"
#include "core/drift/running_mean.hpp"

#include <cstdint>
#include <type_traits>

namespace weir::core {

/// Names and defaults are river's.
struct hddm_a_options {
  double drift_confidence = 0.001;   ///< how probable a false drift may be, above 0 and below 1
  double warning_confidence = 0.005; ///< the same of a warning, no less than the drift's
  bool two_sided_test = false;       ///< an error rate that falls is a drift, too
};

/// Drift detection by Hoeffding's bound on the mean of errors (HDDM_A, Frias-Blanco et al. 2015): the mean of all
/// values since the beginning is compared with that of the values in front of a cut, which is put where the mean was
/// surest to be low. Plain bytes, all zero when it has seen nothing; it begins anew behind a drift.
class hddm_a {
public:
  /// @param error 1 where the model was wrong, 0 where it was right, or any value between them
  drift_level add(double error, const hddm_a_options& options) noexcept;

  /// Values since the beginning or the last drift.
  std::uint64_t count() const noexcept { return all_.count; }
  double error_rate() const noexcept { return all_.mean; }

  /// Whether bytes can be what add() has left.
  bool valid() const noexcept;

private:
  running_mean all_;
  running_mean lowest_;  ///< in front of the cut for a rise
  running_mean highest_; ///< in front of the cut for a fall
};

static_assert(std::is_trivially_copyable_v<hddm_a> && std::is_trivially_default_constructible_v<hddm_a>);

} // namespace weir::core
