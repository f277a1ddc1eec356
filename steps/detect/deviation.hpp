#pragma once

#include "steps/detect/detector.hpp"

#include <string>

// Detectors whose score is a distance in standard deviations.

namespace weir::steps {

/// What scorers of this kind share.
class deviation {
public:
  static constexpr auto prior = core::tail_prior::of_deviations();

  /// As many standard deviations as would be as rare of a normal distribution whose mean and spread were known: of few
  /// values both are only estimates, and the score has a t distribution (Wallace 1959).
  static double strangeness(const scored& found) noexcept;

  static double most_strangeness(const scored& found) noexcept { return std::abs(found.score); }

  static std::string describe(double x, const scored& found);
};

} // namespace weir::steps
