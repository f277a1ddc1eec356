#include "core/drift/ddm.hpp"

#include <algorithm>
#include <cmath>

namespace weir::core {

drift_level ddm::add(double error, const ddm_options& options) noexcept {
  errors_.add(error);
  if (errors_.count <= options.warm_start)
    return drift_level::none;
  const auto rate = errors_.mean;
  const auto deviation = std::sqrt(std::max(0.0, rate * (1 - rate)) / errors_.size());
  if (has_least_ == 0 || rate + deviation <= least_rate_ + least_deviation_) {
    has_least_ = 1;
    least_rate_ = rate;
    least_deviation_ = deviation;
  }
  if (rate + deviation > least_rate_ + options.drift_threshold * least_deviation_) {
    *this = {};
    return drift_level::drift;
  }
  return rate + deviation > least_rate_ + options.warning_threshold * least_deviation_ ? drift_level::warning
                                                                                       : drift_level::none;
}

bool ddm::valid() const noexcept {
  const auto is_share = [](double x) { return x >= 0 && x <= 1; };
  return errors_.is_share() && has_least_ <= 1 && is_share(least_rate_) && is_share(least_deviation_);
}

} // namespace weir::core
