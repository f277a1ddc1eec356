#pragma once

#include "models/online/learning_rate.hpp"
#include "models/online/sums.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace weir::models::online {

/// How weights move against the gradient of a loss.
struct gradient_descent {
  learning_rate rate{};
  double intercept_rate = 0.01; ///< constant; 0: the intercept stays 0
  double l2 = 0;                ///< draws weights to 0; not together with l1
  double l1 = 0;                ///< draws weights to 0 and keeps them there (the cumulative penalty of Tsuruoka 2009)
  double clip = 1e12;           ///< the gradient of the loss is taken to this at most
};

/// The weights of one sum, a view of the state. In it: what stands here, a weight for each input, and with l1 the
/// penalty that each has had.
struct linear_weights {
  std::uint64_t steps;
  double penalty; ///< of l1, that a weight could have had by now
  double intercept;

  static constexpr std::size_t words = 3;

  double* weights() noexcept { return reinterpret_cast<double*>(this + 1); }
  const double* weights() const noexcept { return reinterpret_cast<const double*>(this + 1); }

  /// Words of state for so many inputs.
  static constexpr std::size_t size(std::size_t inputs, bool has_l1) noexcept {
    return words + inputs * (has_l1 ? 2 : 1);
  }

  double sum(const double* row, std::size_t inputs) const noexcept { return dot(weights(), row, inputs) + intercept; }

  /// A step against the gradient of the loss, as river's GLM makes it. False, and nothing changes: a weight would not
  /// be finite. @param scratch as many as inputs
  bool step(const gradient_descent& how, const double* __restrict row, std::size_t inputs, double gradient,
            double* __restrict scratch) noexcept {
    auto* __restrict w = weights();
    gradient = std::clamp(gradient, -how.clip, how.clip);
    const auto rate = how.rate.at(steps);
    const auto next_intercept = intercept - how.intercept_rate * gradient;
    auto wrong = is_wrong(next_intercept);
    for (std::size_t i = 0; i < inputs; ++i) {
      scratch[i] = w[i];
      w[i] -= rate * (row[i] * gradient + how.l2 * w[i]);
      wrong |= is_wrong(w[i]);
    }
    if (wrong != 0) {
      std::copy_n(scratch, inputs, w);
      return false;
    }
    intercept = next_intercept;
    ++steps;
    if (how.l1 > 0)
      penalize(how.l1 * how.rate.at(steps), inputs);
    return true;
  }

  /// Adds a row so many times, and so much to the intercept. False, and nothing changes: a weight would not be finite.
  bool add(double times, const double* __restrict row, std::size_t inputs, double to_intercept,
           double* __restrict scratch) noexcept {
    auto* __restrict w = weights();
    auto wrong = is_wrong(intercept + to_intercept);
    for (std::size_t i = 0; i < inputs; ++i) {
      scratch[i] = w[i];
      w[i] += times * row[i];
      wrong |= is_wrong(w[i]);
    }
    if (wrong != 0) {
      std::copy_n(scratch, inputs, w);
      return false;
    }
    intercept += to_intercept;
    ++steps;
    return true;
  }

private:
  void penalize(double amount, std::size_t inputs) noexcept {
    penalty += amount;
    auto* w = weights();
    auto* had = w + inputs;
    for (std::size_t i = 0; i < inputs; ++i) {
      const auto before = w[i];
      if (before > 0)
        w[i] = std::max(0.0, before - (penalty + had[i]));
      else if (before < 0)
        w[i] = std::min(0.0, before + (penalty - had[i]));
      had[i] += w[i] - before;
    }
  }
};

static_assert(sizeof(linear_weights) == linear_weights::words * sizeof(double));

} // namespace weir::models::online
