#include "core/detect/verdict.hpp"

#include <algorithm>
#include <cmath>

namespace weir::core {

std::string_view to_string(severity s) noexcept {
  switch (s) {
  case severity::low: return "low";
  case severity::medium: return "medium";
  case severity::high: return "high";
  case severity::critical: return "critical";
  case severity::none: break;
  }
  return {};
}

double anomaly_score_of(double probability) noexcept {
  return std::isnan(probability) ? probability : std::clamp(-std::log10(probability) / 10, 0.0, 1.0);
}

severity severity_of(double probability) noexcept {
  return std::isnan(probability) ? severity::none
         : probability < 1e-10   ? severity::critical
         : probability < 1e-8    ? severity::high
         : probability < 1e-6    ? severity::medium
                                 : severity::low;
}

verdict_rule::verdict_rule(const verdict_options& options) noexcept :
    options_{options}, rate_to_clear_{std::pow(options.false_alarm_rate, options.clear_below)},
    has_tail_{!options.threshold || options.tells_probability}, has_past_{options.suppress_ms > 0
                                                                          || options.clear_below < 1},
    is_by_rate_alone_{!options.threshold && !options.tells_probability && !has_past_} {}

bool verdict_rule::valid(const std::byte* state) const noexcept {
  return !has_tail_ || reinterpret_cast<const tail_estimate*>(state)->valid();
}

verdict verdict_rule::say_all(std::byte* state, double score, double strangeness, std::int64_t time) const noexcept {
  auto* before = has_past_ ? reinterpret_cast<past*>(state + (has_tail_ ? sizeof(tail_estimate) : 0)) : nullptr;
  const bool lasts = before != nullptr && before->is_anomalous != 0;
  verdict said;
  if (options_.threshold)
    said.is_anomalous = std::abs(score) > *options_.threshold * (lasts ? options_.clear_below : 1);
  if (has_tail_) {
    auto& tail = *reinterpret_cast<tail_estimate*>(state);
    if (tail.is_ready(options_.prior)) {
      if (!options_.threshold)
        said.is_anomalous =
            tail.is_rarer(strangeness, lasts ? rate_to_clear_ : options_.false_alarm_rate, options_.prior);
      if (options_.tells_probability)
        said.probability = tail.probability(strangeness, options_.prior);
    }
    tail.add(strangeness, options_.prior);
  }
  if (before == nullptr)
    return said;
  before->is_anomalous = said.is_anomalous ? 1 : 0;
  if (!said.is_anomalous || options_.suppress_ms == 0 || time == std::numeric_limits<std::int64_t>::min())
    return said;
  if (before->quiet_until != 0 && time < before->quiet_until && time >= before->quiet_until - options_.suppress_ms)
    said.is_anomalous = false;
  else
    before->quiet_until = time + options_.suppress_ms;
  return said;
}

} // namespace weir::core
