#include "core/drift/hddm_a.hpp"

#include <algorithm>
#include <cmath>

namespace weir::core {

namespace {

double hoeffding_bound(const running_mean& of, double confidence) {
  return std::sqrt(1.0 / (2 * of.size()) * std::log(1.0 / confidence));
}

/// Whether the mean of all lies so far from that of the first ones.
bool is_beyond(double distance, const running_mean& first, const running_mean& all, double confidence) {
  if (first.count == all.count)
    return false;
  const auto shares = (all.size() - first.size()) / first.size() * (1.0 / all.size());
  return distance >= std::sqrt(shares / 2 * std::log(2.0 / confidence));
}

} // namespace

drift_level hddm_a::add(double error, const hddm_a_options& options) noexcept {
  all_.add(error);
  const auto bound = hoeffding_bound(all_, options.drift_confidence);
  if (lowest_.count == 0 || lowest_.mean + hoeffding_bound(lowest_, options.drift_confidence) >= all_.mean + bound)
    lowest_ = all_;
  if (highest_.count == 0 || highest_.mean - hoeffding_bound(highest_, options.drift_confidence) <= all_.mean - bound)
    highest_ = all_;

  const auto has_changed = [&](double confidence) {
    return is_beyond(all_.mean - lowest_.mean, lowest_, all_, confidence)
           || (options.two_sided_test && is_beyond(highest_.mean - all_.mean, highest_, all_, confidence));
  };
  if (has_changed(options.drift_confidence)) {
    *this = {};
    return drift_level::drift;
  }
  return has_changed(options.warning_confidence) ? drift_level::warning : drift_level::none;
}

bool hddm_a::valid() const noexcept {
  return all_.is_share() && lowest_.is_share() && highest_.is_share() && lowest_.count <= all_.count
         && highest_.count <= all_.count && (lowest_.count == 0) == (all_.count == 0)
         && (highest_.count == 0) == (all_.count == 0);
}

} // namespace weir::core
