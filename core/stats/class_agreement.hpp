#pragma once

#include "core/stats/prequential.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace weir::core {

/// How a classifier and the truth agree, over all records and over the recent ones, whose weight fades as that of
/// faded_mean. A view of words that the caller keeps, all zero at first: what it counts of each class stands there.
class class_agreement {
public:
  static constexpr std::size_t words(std::size_t classes) noexcept { return 4 + 4 * classes; }

  /// @param state words(classes) of them
  explicit class_agreement(std::span<double> state) noexcept : state_{state}, classes_{(state.size() - 4) / 4} {}

  /// A record whose truth and prediction are known. @pre both below the number of classes
  void add(std::size_t truth, std::size_t predicted) noexcept {
    for (const auto faded : {false, true}) {
      auto* const at = part(faded);
      if (faded)
        for (std::size_t i = 0; i < 2 + 2 * classes_; ++i)
          at[i] *= faded_mean::fading;
      at[0] += 1;
      at[1] += truth == predicted ? 1 : 0;
      at[2 + truth] += 1;
      at[2 + classes_ + predicted] += 1;
    }
  }

  double accuracy() const noexcept { return accuracy_of(part(false)); }
  double recent_accuracy() const noexcept { return accuracy_of(part(true)); }

  /// Cohen's kappa: 1 where all agree, 0 where they agree as often as by chance. 0 where chance cannot be told from
  /// agreement: without records, and where both only ever said one class.
  double kappa() const noexcept { return kappa_of(part(false)); }
  double recent_kappa() const noexcept { return kappa_of(part(true)); }

private:
  /// Weight of all records, and of those that were told rightly; the weight of each class among truths, among
  /// predictions.
  double* part(bool faded) const noexcept { return state_.data() + (faded ? 2 + 2 * classes_ : 0); }

  static double accuracy_of(const double* at) noexcept { return at[0] > 0 ? at[1] / at[0] : 0; }

  double kappa_of(const double* at) const noexcept {
    if (!(at[0] > 0))
      return 0;
    double chance = 0;
    for (std::size_t c = 0; c < classes_; ++c)
      chance += at[2 + c] / at[0] * (at[2 + classes_ + c] / at[0]);
    return chance < 1 ? (accuracy_of(at) - chance) / (1 - chance) : 0;
  }

  std::span<double> state_;
  std::size_t classes_;
};

} // namespace weir::core
