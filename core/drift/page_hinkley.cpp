#include "core/drift/page_hinkley.hpp"

#include <algorithm>
#include <cmath>

namespace weir::core {

drift_level page_hinkley::add(double value, const page_hinkley_options& options) noexcept {
  values_.add(value);
  const auto deviation = value - values_.mean;
  rise_ = options.alpha * rise_ + deviation - options.delta;
  fall_ = options.alpha * fall_ + deviation + options.delta;
  if (!std::isfinite(rise_) || !std::isfinite(fall_)) { // beyond what can be summed up
    *this = {};
    return drift_level::drift;
  }
  const bool is_first = values_.count == 1;
  least_rise_ = is_first ? rise_ : std::min(least_rise_, rise_);
  largest_fall_ = is_first ? fall_ : std::max(largest_fall_, fall_);
  if (values_.count < options.min_instances)
    return drift_level::none;
  const bool has_risen = options.mode != page_hinkley_mode::down && rise_ - least_rise_ > options.threshold;
  const bool has_fallen = options.mode != page_hinkley_mode::up && largest_fall_ - fall_ > options.threshold;
  if (!has_risen && !has_fallen)
    return drift_level::none;
  *this = {};
  return drift_level::drift;
}

bool page_hinkley::valid() const noexcept {
  return values_.is_finite() && std::isfinite(rise_) && std::isfinite(least_rise_) && std::isfinite(fall_)
         && std::isfinite(largest_fall_) && least_rise_ <= rise_ && largest_fall_ >= fall_;
}

} // namespace weir::core
