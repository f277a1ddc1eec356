#pragma once

#include "core/detect/tail_estimate.hpp"

#include <cstdint>
#include <type_traits>

namespace weir::core {

/// How many records an interval usually has, as counts come one by one: a mean in which old counts fade, and how much
/// wider than those of a Poisson process they are spread, or narrower. Plain bytes, all zero before the first count.
///
/// A count is compared with the mean by the deviance of a Poisson distribution (McCullagh and Nelder, "Generalized
/// linear models", 1989), with a correction for continuity, and over the dispersion. So both tails are right, of few
/// records too: an interval without any is odd where 20 are usual, and not where 4 are.
class usual_count {
public:
  /// Of strangeness(): that of an exponential distribution with a mean of 1.
  static constexpr tail_prior prior{2.9957, 1};

  /// The weighted mean; 0 before the first count.
  double mean() const noexcept { return mean_; }

  /// As many counts without weights would say as much.
  double count(double alpha) const noexcept { return weights_ * (2 - alpha) / (2 - alpha * weights_); }

  /// How many standard deviations a count lies from the mean; below 0: it is smaller. @param alpha that of add()
  double score(double count, double alpha) const noexcept;

  /// How rare such a score is, either way, as the logarithm of 1 in so many: by a normal distribution, but of few
  /// counts mean and spread are estimates.
  double strangeness(double score, double alpha) const noexcept;

  /// Takes a count in. What lies more than four standard deviations off teaches as much as if it were there.
  /// @param alpha above 0 and at most 1: the weight of the newest count, once there are many
  void add(double count, double alpha) noexcept;

  /// Whether bytes can be what add() has left. @param alpha that of add()
  bool valid(double alpha) const noexcept;

private:
  /// Of the variance to the mean. As if some counts of a Poisson process had been seen before.
  double dispersion(double alpha) const noexcept;

  double mean_;
  double variance_;
  double weights_; ///< of all counts together; the newest has 1
};

static_assert(std::is_trivially_copyable_v<usual_count> && std::is_trivially_default_constructible_v<usual_count>);

} // namespace weir::core
