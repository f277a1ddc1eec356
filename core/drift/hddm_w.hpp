#pragma once

#include "core/drift/drift_level.hpp"

#include <cstdint>
#include <type_traits>

namespace weir::core {

/// Names and defaults are river's.
struct hddm_w_options {
  double drift_confidence = 0.001;   ///< how probable a false drift may be, above 0 and below 1
  double warning_confidence = 0.005; ///< the same of a warning, no less than the drift's
  double lambda_val = 0.05;          ///< the weight of the newest value, above 0 and below 1
  bool two_sided_test = false;       ///< an error rate that falls is a drift, too
};

/// Drift detection by McDiarmid's bound on a mean in which older errors fade (HDDM_W, Frias-Blanco et al. 2015): it is
/// sooner than HDDM_A where a change is sudden. Plain bytes, all zero when it has seen nothing; it begins anew behind a
/// drift.
class hddm_w {
public:
  /// @param error 1 where the model was wrong, 0 where it was right, or any value between them
  drift_level add(double error, const hddm_w_options& options) noexcept;

  /// Values since the beginning or the last drift.
  std::uint64_t count() const noexcept { return all_.count; }
  /// A mean in which older values fade.
  double error_rate() const noexcept { return all_.mean; }

  /// Whether bytes can be what add() has left.
  bool valid() const noexcept;

private:
  struct fading_mean {
    std::uint64_t count;
    double mean;
    double squared_weights; ///< of the values, summed up; 1 without one

    void add(double value, double weight) noexcept;
    bool valid() const noexcept;
  };
  struct cut {
    fading_mean before;
    fading_mean behind;
    double bound; ///< of the mean in front

    bool valid() const noexcept;
  };

  /// Whether one mean lies above the other one by more than chance has it.
  static bool is_above(const fading_mean& one, const fading_mean& other, double confidence) noexcept;
  static double bound_of(double squared_weights, double confidence) noexcept;

  fading_mean all_;
  cut rise_;
  cut fall_;
};

static_assert(std::is_trivially_copyable_v<hddm_w> && std::is_trivially_default_constructible_v<hddm_w>);

} // namespace weir::core
