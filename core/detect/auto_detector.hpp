#pragma once

#include "core/detect/alarm_hold.hpp"
#include "core/detect/expectation.hpp"
#include "core/detect/fading_forecast.hpp"
#include "core/detect/fading_mean.hpp"
#include "core/detect/record_margin.hpp"
#include "core/detect/relative_entropy.hpp"
#include "core/detect/seasonal_profile.hpp"
#include "core/detect/tail_histogram.hpp"

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace weir::core {

/// Who of the ensemble found a value the rarest.
enum class auto_expert : std::uint8_t {
  level,        ///< far from the level of the last values: no hour of the day is known yet
  season,       ///< far from what is usual at this hour of the day
  record,       ///< higher or lower than all before
  distribution, ///< the last 25 or 50 values are distributed differently from those before
};

/// What `auto_detector` says of a value.
struct auto_verdict {
  double score = 0; ///< 0 to 1
  auto_expert loudest = auto_expert::level;
  /// Of level and season: what was expected. Of a record: the one that it exceeds, and the range of all before. Of a
  /// distribution: the median, and the distance between the quartiles.
  expectation expected{};
};

/// Finds anomalies in a series of numbers with times, without a parameter: an ensemble that learns with every value and
/// scores it by those before it alone. Three experts say how rare they find a value, each on the scale of its own past
/// (`tail_histogram`): the distance from what is expected at this hour of the day, and its mean over the last values;
/// the margin of a record; the relative entropy of the last values. The mean of the loudest and of all is set against
/// the number of values seen, so that false alarms become rarer as a series grows. One event gives one alarm
/// (`alarm_hold`). Plain bytes, all zero before the first value.
class auto_detector {
public:
  /// A score that is an alarm. A tenth is a power of ten in rarity.
  static constexpr double threshold = 0.12;
  /// Values before which every score is 0.
  static constexpr double least_values = 200;

  /// Scores a value and learns from it.
  /// @param value whatever is not finite scores 0 and teaches nothing; beyond 1e150 it counts as that
  /// @param time_ms since 1970; times may stand still or go back
  auto_verdict score(double value, std::int64_t time_ms) noexcept;

  /// Whether bytes can be what score() has left.
  bool valid() const noexcept;

private:
  struct opinion {
    double rarity = 0;
    auto_expert expert = auto_expert::level;
    expectation expected{};
  };

  opinion of_season(double value, std::int64_t time_ms) noexcept;
  opinion of_record(double value) noexcept;
  opinion of_distribution(double value) noexcept;

  seasonal_profile season_;
  fading_forecast level_;
  fading_mean recent_distance_;
  record_margin record_;
  relative_entropy entropy_;
  tail_histogram distances_;
  tail_histogram recent_distances_;
  tail_histogram margins_;
  tail_histogram entropies_;
  tail_histogram recent_entropies_;
  alarm_hold hold_;
  double count_;
};

static_assert(std::is_trivially_copyable_v<auto_detector> && std::is_trivially_default_constructible_v<auto_detector>);
static_assert(alignof(auto_detector) == 8 && sizeof(auto_detector) <= 8192);

} // namespace weir::core
