#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>

namespace weir::core {

/// Makes one alarm of one event: after a score that is an alarm the next ones are 0 for 200 values and a twentieth of
/// all that were seen, unless one is clearly higher than the last alarm. How much higher it must be, and the height of
/// that alarm, sink to 0 in the meantime. So alarms of noise become rarer with time: between n values and 10 n there is
/// room for some 47 of the same height at most, whatever n is. Plain bytes, all zero before the first score.
class alarm_hold {
public:
  static constexpr double least_hold = 200;
  static constexpr double share_of_seen = 0.05;

  /// What is left of a score. One below the threshold is no alarm and is given back.
  /// @param score 0 to 1 @param margin by which a score must be higher than an alarm that has just been
  double pass(double score, double threshold, double margin) noexcept {
    seen_ += 1;
    since_ += 1;
    if (!(score >= threshold))
      return score;
    const auto hold = least_hold + share_of_seen * seen_;
    if (last_ > 0 && since_ < hold && score <= (last_ + margin) * (1 - since_ / hold))
      return 0;
    last_ = score;
    since_ = 0;
    return score;
  }

  /// Whether bytes can be what pass() has left.
  bool valid() const noexcept {
    return std::isfinite(seen_) && seen_ >= 0 && std::isfinite(since_) && since_ >= 0 && last_ >= 0 && last_ <= 1;
  }

private:
  double seen_;
  double since_; ///< values since the last alarm
  double last_;  ///< score of the last alarm; 0: there was none
};

static_assert(std::is_trivially_copyable_v<alarm_hold> && std::is_trivially_default_constructible_v<alarm_hold>);

} // namespace weir::core
