#include "core/drift/hddm_w.hpp"

#include <cmath>

namespace weir::core {

void hddm_w::fading_mean::add(double value, double weight) noexcept {
  mean = count == 0 ? value : weight * value + (1 - weight) * mean;
  squared_weights = weight * weight + (1 - weight) * (1 - weight) * (count == 0 ? 1 : squared_weights);
  ++count;
}

double hddm_w::bound_of(double squared_weights, double confidence) noexcept {
  return std::sqrt(squared_weights * std::log(1 / confidence) / 2);
}

bool hddm_w::is_above(const fading_mean& one, const fading_mean& other, double confidence) noexcept {
  if (one.count == 0 || other.count == 0)
    return false;
  return one.mean - other.mean > bound_of(one.squared_weights + other.squared_weights, confidence);
}

drift_level hddm_w::add(double error, const hddm_w_options& options) noexcept {
  all_.add(error, options.lambda_val);
  const auto bound = bound_of(all_.squared_weights, options.drift_confidence);
  if (rise_.before.count == 0 || all_.mean + bound < rise_.bound)
    rise_ = {all_, {}, all_.mean + bound};
  else
    rise_.behind.add(error, options.lambda_val);
  if (fall_.before.count == 0 || all_.mean - bound > fall_.bound)
    fall_ = {all_, {}, all_.mean - bound};
  else
    fall_.behind.add(error, options.lambda_val);

  const auto has_changed = [&](double confidence) {
    return is_above(rise_.behind, rise_.before, confidence)
           || (options.two_sided_test && is_above(fall_.before, fall_.behind, confidence));
  };
  if (has_changed(options.drift_confidence)) {
    *this = {};
    return drift_level::drift;
  }
  return has_changed(options.warning_confidence) ? drift_level::warning : drift_level::none;
}

bool hddm_w::fading_mean::valid() const noexcept {
  return count < std::uint64_t{1} << 53 && mean >= 0 && mean <= 1 && squared_weights >= 0 && squared_weights <= 1
         && (count > 0 || mean == 0);
}

bool hddm_w::cut::valid() const noexcept {
  return before.valid() && behind.valid() && std::isfinite(bound);
}

bool hddm_w::valid() const noexcept {
  const auto belongs = [this](const cut& at) {
    return at.valid() && (at.before.count == 0) == (all_.count == 0) && at.before.count <= all_.count
           && at.behind.count == all_.count - at.before.count;
  };
  return all_.valid() && belongs(rise_) && belongs(fall_);
}

} // namespace weir::core
