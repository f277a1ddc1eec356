#include "core/base/civil_time.hpp"
#include "core/base/floor_div.hpp"
#include "steps/detect/deviation.hpp"
#include "steps/kinds.hpp"

#include <algorithm>
#include <cmath>

namespace weir::steps {

namespace {

using namespace config;

struct seasonal_settings {
  detection common;
  std::uint32_t bins = 168;
  milliseconds period{7 * 86'400'000};
  double alpha = 0.05;
  std::uint32_t min_count = 5;
};

constexpr auto seasonal_fields = join(
    std::array{field<&seasonal_settings::common, &detection::columns, &keyed_columns::of>(
                   "seasonal", "the column of numbers that is watched", required),
               field<&seasonal_settings::period>("period", "after which the series repeats: 1d, 7d", above(0)),
               field<&seasonal_settings::bins>("bins", "parts of a period, each with a mean and a spread of its own",
                                               between(2, 2016)),
               field<&seasonal_settings::alpha>("alpha", "how fast they follow", above(0) | between(0, 1)),
               field<&seasonal_settings::min_count>("min_count",
                                                    "with fewer values of its part before it, a value has no score",
                                                    between(2, 1'000'000))},
    judgement_fields<&seasonal_settings::common>);

/// The parts begin with the period that 1970-01-05T00:00:00Z begins, a Monday.
class from_part_of_period : public deviation {
public:
  explicit from_part_of_period(const seasonal_settings& s) :
      bins_{s.bins}, period_{s.period.count()}, alpha_{s.alpha}, min_count_{s.min_count} {}

  std::size_t state_size() const noexcept { return bins_ * sizeof(part); }
  std::string layout() const {
    return std::to_string(bins_) + " parts of " + std::to_string(period_) + " ms, alpha " + std::to_string(alpha_);
  }
  bool valid(const std::byte*) const noexcept { return true; } // it is only calculated with

  scored score(std::byte* state, double x, std::int64_t time) const noexcept {
    const auto since = time - 4 * core::ms_per_day;
    const auto within = since - core::floor_div(since, period_) * period_;
    auto& past = reinterpret_cast<part*>(
        state)[static_cast<std::size_t>(static_cast<double>(within) / static_cast<double>(period_) * bins_)];
    auto delta = x - past.mean;
    scored found{.expected = past.mean, .count = std::min(past.count, 2 / alpha_ - 1)};
    if (past.count >= min_count_) {
      const auto spread = std::sqrt(std::max(past.variance, 0.0));
      found.is_warm = true;
      found.score = spread > 0 ? delta / spread : 0;
      if (spread > 0)
        delta = std::clamp(delta, -most_taught * spread, most_taught * spread);
    }
    past.count += 1;
    const auto weight = std::max(alpha_, 1 / past.count);
    past.mean += weight * delta;
    past.variance = (1 - weight) * (past.variance + weight * delta * delta);
    return found;
  }

  static std::string describe(double x, const scored& found) {
    return deviation::describe(x, found) + ", which is usual at this time";
  }

private:
  /// What a single value teaches at most, in standard deviations: else one hides the next at its hour for weeks.
  static constexpr double most_taught = 5;

  struct part {
    double count;
    double mean;
    double variance;
  };

  std::uint32_t bins_;
  std::int64_t period_;
  double alpha_;
  std::uint32_t min_count_;
};

} // namespace

constexpr step_kind seasonal =
    make_kind<seasonal_settings, seasonal_fields, bind_scored<seasonal_settings, from_part_of_period>,
              complete_common<seasonal_settings>>(
        "seasonal", "how far a value lies from what is usual at this hour of the week, or part of another period",
        "{ seasonal: Amount, period: 7d, bins: 168, time: Date, as: unusual_now }");

} // namespace weir::steps
