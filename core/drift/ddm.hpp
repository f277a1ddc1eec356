#pragma once

#include "core/drift/drift_level.hpp"
#include "core/drift/running_mean.hpp"

#include <cstdint>
#include <type_traits>

namespace weir::core {

/// Names and defaults are river's.
struct ddm_options {
  std::uint32_t warm_start = 30; ///< values before it says anything
  double warning_threshold = 2;  ///< standard deviations above the least error rate
  double drift_threshold = 3;    ///< the same, no less than the warning's
};

/// Drift Detection Method (Gama et al. 2004): the error rate of a model has risen well above the least that it had.
/// Plain bytes, all zero when it has seen nothing; it begins anew behind a drift. It sees sudden changes; of a slow one
/// the least rate follows along, and after a long time without change each next one takes longer.
class ddm {
public:
  /// @param error 1 where the model was wrong, 0 where it was right, or how wrong it was between them
  drift_level add(double error, const ddm_options& options) noexcept;

  /// Values since the beginning or the last drift.
  std::uint64_t count() const noexcept { return errors_.count; }
  double error_rate() const noexcept { return errors_.mean; }

  /// Whether bytes can be what add() has left.
  bool valid() const noexcept;

private:
  running_mean errors_;
  std::uint64_t has_least_; ///< 0 or 1
  double least_rate_;       ///< where rate and deviation were least together
  double least_deviation_;
};

static_assert(std::is_trivially_copyable_v<ddm> && std::is_trivially_default_constructible_v<ddm>);

} // namespace weir::core
