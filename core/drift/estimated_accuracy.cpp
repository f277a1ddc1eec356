#include "core/drift/estimated_accuracy.hpp"

#include "core/drift/welch.hpp"

namespace weir::core {

std::optional<accuracy_verdict> estimated_accuracy::add(double probability, const estimated_accuracy_options& options) {
  const bool is_second = options.is_of_chosen || probability >= options.threshold;
  const auto confidence = is_second ? probability : 1 - probability;
  if (baseline_.count < options.baseline_size) {
    baseline_.add(confidence);
    return std::nullopt;
  }
  window_.add(confidence);
  if (window_.count < options.window)
    return std::nullopt;
  accuracy_verdict said{window_.mean, baseline_.mean, false};
  // Two-sided, so that the share of false alarms to one side is half of alpha.
  said.has_fallen =
      said.accuracy <= said.baseline - options.least_drop && welch(baseline_, window_).p_value <= options.alpha;
  window_ = {};
  return said;
}

bool estimated_accuracy::valid() const noexcept {
  const auto is_share = [](const shape_moments& of) { return of.valid() && of.mean >= 0 && of.mean <= 1; };
  return is_share(baseline_) && is_share(window_);
}

} // namespace weir::core
