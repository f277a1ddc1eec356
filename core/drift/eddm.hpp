#pragma once

#include "core/drift/drift_level.hpp"
#include "core/drift/running_mean.hpp"

#include <cstdint>
#include <type_traits>

namespace weir::core {

/// Names and defaults are river's.
struct eddm_options {
  std::uint32_t warm_start = 30; ///< errors before it says anything
  double alpha = 0.95; ///< a warning: distances have shrunk below this share of their largest; no less than beta
  double beta = 0.9;   ///< a drift, between 0 and 1
};

/// Early Drift Detection Method (Baena-Garcia et al. 2006): the distances between errors, in records, have become
/// shorter than they were. Plain bytes, all zero when it has seen nothing; it begins anew behind a drift. It sees slow
/// changes sooner than DDM does, and gives more false alarms: smaller thresholds than the defaults give fewer.
class eddm {
public:
  /// @param is_error whether the model was wrong
  drift_level add(bool is_error, const eddm_options& options) noexcept;

  /// Values since the beginning or the last drift.
  std::uint64_t count() const noexcept { return count_; }
  std::uint64_t errors() const noexcept { return distances_.count; }

  /// Whether bytes can be what add() has left.
  bool valid() const noexcept;

private:
  drift_level judge(const eddm_options& options) noexcept;

  std::uint64_t count_;
  std::uint64_t last_error_; ///< count at that time
  running_mean distances_;
  double squares_;          ///< of the distances' deviations from their mean
  double largest_;          ///< mean and two standard deviations, when that was largest
  std::uint64_t is_warned_; ///< 0 or 1: a warning lasts until the next error
};

static_assert(std::is_trivially_copyable_v<eddm> && std::is_trivially_default_constructible_v<eddm>);

} // namespace weir::core
