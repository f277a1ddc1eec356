#include "core/base/read_number.hpp"
#include "core/detect/period_finder.hpp"
#include "core/detect/seasonal_forecast.hpp"
#include "steps/detect/deviation.hpp"
#include "steps/kinds.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace weir::steps {

namespace {

using namespace config;

constexpr std::uint32_t longest_season = 10'000;

struct holt_winters_settings {
  detection common;
  located season{"1", {}, false};
  double alpha = 0.1;
  double beta = 0.01;
  double gamma = 0.1;
  std::uint32_t min_count = 20;
  std::uint32_t records_of_season = 1; ///< 0: it is learned
};

constexpr auto holt_winters_fields = join(
    std::array{
        field<&holt_winters_settings::common, &detection::columns, &keyed_columns::of>(
            "holt_winters", "the column of numbers that is watched", required),
        field<&holt_winters_settings::season>("season",
                                              "records of a period, after which the series repeats, 10,000 at most; 1: "
                                              "it does not; auto: learned, of up to 336 records"),
        field<&holt_winters_settings::alpha>("alpha", "how fast the level follows", above(0) | between(0, 1)),
        field<&holt_winters_settings::beta>("beta", "how fast the trend follows; 0: there is none", between(0, 1)),
        field<&holt_winters_settings::gamma>("gamma", "how fast the seasons follow", between(0, 1)),
        field<&holt_winters_settings::min_count>(
            "min_count", "with fewer values before it, behind the first two seasons, the score is 0",
            between(1, 1'000'000))},
    judgement_fields<&holt_winters_settings::common>);

void complete(holt_winters_settings& s, yaml_section& from) {
  complete_detection(s.common, from);
  if (s.season.text == "auto") {
    s.records_of_season = 0;
    return;
  }
  s.records_of_season = core::read_number<std::uint32_t>(s.season.text).value_or(0);
  if (s.records_of_season >= 1 && s.records_of_season <= longest_season)
    return;
  from.report(s.season.at, "'season' in detector must be auto, or a whole number from 1 to 10000");
  s.records_of_season = 1;
}

std::string layout_of(const core::forecast_rates& rates) {
  return std::to_string(rates.alpha) + ' ' + std::to_string(rates.beta) + ' ' + std::to_string(rates.gamma);
}

/// What both scorers share. The memory of the spread is longer than that of the level, and a score is as sure as it is.
class from_forecast : public deviation {
public:
  explicit from_forecast(const holt_winters_settings& s) : rates_{s.alpha, s.beta, s.gamma}, min_count_{s.min_count} {}

protected:
  scored judge(core::seasonal_forecast& by, double* season, std::size_t period, double x) const noexcept {
    const auto first = core::seasonal_forecast::first_values(period);
    const auto known = by.count > first ? static_cast<double>(by.count - first) : 0;
    scored found{.count = std::min(known, 2 / rates_.of_spread() - 1), .is_warm = by.count >= first + min_count_};
    const auto variance = by.variance;
    const auto expected = by.learn(x, season, period, rates_);
    found.expected = expected;
    if (found.is_warm && variance > 0)
      found.score = (x - expected) / std::sqrt(variance);
    return found;
  }

  core::forecast_rates rates_;
  std::uint32_t min_count_;
};

/// With a season that is known, or none.
class from_known_season : public from_forecast {
public:
  explicit from_known_season(const holt_winters_settings& s) : from_forecast{s}, season_{s.records_of_season} {}

  std::size_t state_size() const noexcept {
    return sizeof(core::seasonal_forecast) + (season_ > 1 ? season_ * sizeof(double) : 0);
  }
  std::string layout() const {
    return "level, trend and " + std::to_string(season_) + " seasons, " + layout_of(rates_);
  }
  bool valid(const std::byte*) const noexcept { return true; } // it is only calculated with, or taken modulo

  scored score(std::byte* state, double x) const noexcept {
    auto& by = *reinterpret_cast<core::seasonal_forecast*>(state);
    return judge(by, reinterpret_cast<double*>(&by + 1), season_, x);
  }

private:
  std::uint32_t season_;
};

/// With a season that is looked for.
class from_learned_season : public from_forecast {
public:
  using from_forecast::from_forecast;

  std::size_t state_size() const noexcept { return sizeof(history); }
  std::string layout() const { return "level, trend and learned seasons, " + layout_of(rates_); }
  bool valid(const std::byte* state) const noexcept { return reinterpret_cast<const history*>(state)->finder.valid(); }

  scored score(std::byte* state, double x) const noexcept {
    auto& past = *reinterpret_cast<history*>(state);
    const auto found = judge(past.by, past.seasons.data(), std::max<std::size_t>(past.finder.period(), 1), x);
    if (past.finder.push(x)) {
      std::array<double, core::period_finder::window> room;
      past.by.begin(past.finder.latest(room), past.seasons.data(), past.finder.period(), rates_);
    }
    return found;
  }

private:
  struct history {
    core::seasonal_forecast by;
    std::array<double, core::period_finder::most_period> seasons;
    core::period_finder finder;
  };
};

void bind(const holt_winters_settings& s, binding& into) {
  if (s.records_of_season == 0)
    bind_scored<holt_winters_settings, from_learned_season>(s, into);
  else
    bind_scored<holt_winters_settings, from_known_season>(s, into);
}

} // namespace

constexpr step_kind holt_winters = make_kind<holt_winters_settings, holt_winters_fields, bind, complete>(
    "holt_winters", "how far a value lies from the forecast of a level, a trend and a season (Holt 1957, Winters 1960)",
    "{ holt_winters: Amount, season: 24, as: unexpected, score: error }");

} // namespace weir::steps
