#include "steps/detect/deviation.hpp"
#include "steps/kinds.hpp"

#include <algorithm>
#include <cmath>

namespace weir::steps {

namespace {

using namespace config;

struct holt_winters_settings {
  detection common;
  std::uint32_t season = 1;
  double alpha = 0.1;
  double beta = 0.01;
  double gamma = 0.1;
  std::uint32_t min_count = 20;
};

constexpr auto holt_winters_fields = join(
    std::array{
        field<&holt_winters_settings::common, &detection::columns, &keyed_columns::of>(
            "holt_winters", "the column of numbers that is watched", required),
        field<&holt_winters_settings::season>(
            "season", "records of a period, after which the series repeats; 1: it does not", between(1, 10'000)),
        field<&holt_winters_settings::alpha>("alpha", "how fast the level follows", above(0) | between(0, 1)),
        field<&holt_winters_settings::beta>("beta", "how fast the trend follows; 0: there is none", between(0, 1)),
        field<&holt_winters_settings::gamma>("gamma", "how fast the seasons follow", between(0, 1)),
        field<&holt_winters_settings::min_count>(
            "min_count", "with fewer values before it, behind the first two seasons, the score is 0",
            between(1, 1'000'000))},
    judgement_fields<&holt_winters_settings::common>);

/// Additive, damped by nothing. The first two seasons teach with larger steps: as the mean of what was seen.
class from_forecast : public deviation {
public:
  explicit from_forecast(const holt_winters_settings& s) :
      season_{s.season}, alpha_{s.alpha}, beta_{s.beta}, gamma_{s.gamma}, first_{s.season > 1 ? 2 * s.season : 0},
      min_count_{s.min_count} {}

  std::size_t state_size() const noexcept { return sizeof(history) + (season_ > 1 ? season_ * sizeof(double) : 0); }
  std::string layout() const {
    return "level, trend and " + std::to_string(season_) + " seasons, " + std::to_string(alpha_) + ' '
           + std::to_string(beta_) + ' ' + std::to_string(gamma_);
  }
  bool valid(const std::byte*) const noexcept { return true; } // it is only calculated with, or taken modulo

  scored score(std::byte* state, double x) const noexcept {
    auto& past = *reinterpret_cast<history*>(state);
    double none = 0;
    auto& season = season_ > 1 ? reinterpret_cast<double*>(&past + 1)[past.count % season_] : none;
    if (past.count == 0)
      past.level = x;
    scored found{.expected = past.level + past.trend + season,
                 .count = std::min(static_cast<double>(past.count), 2 / alpha_ - 1)};
    const auto error = x - found.expected;
    if (past.count >= first_ + min_count_) {
      found.is_warm = true;
      found.score = past.variance > 0 ? error / std::sqrt(past.variance) : 0;
    }
    const auto seen = static_cast<double>(past.count + 1);
    const bool is_first = past.count < first_;
    const auto level =
        past.level + past.trend + std::max(alpha_, is_first ? 1 / seen : 0) * (x - season - past.level - past.trend);
    if (!is_first)
      past.trend += beta_ * (level - past.level - past.trend);
    past.level = level;
    if (season_ > 1)
      season += (past.count < season_ ? 1 : is_first ? 0.5 : gamma_) * (x - past.level - season);
    // The first forecasts are wrong for want of values: what they teach of the spread fades.
    const auto weight = std::max(alpha_ / 4, 1 / std::max(seen - first_, 4.0));
    if (past.count > 0 && past.count >= first_)
      past.variance +=
          weight * (std::min(error * error, past.variance > 0 ? most * past.variance : error * error) - past.variance);
    ++past.count;
    return found;
  }

private:
  /// What a single error teaches at most, in variances.
  static constexpr double most = 25;

  struct history {
    std::uint64_t count;
    double level;
    double trend;
    double variance; ///< of the errors
  };

  std::uint32_t season_;
  double alpha_;
  double beta_;
  double gamma_;
  std::uint32_t first_;
  std::uint32_t min_count_;
};

} // namespace

constexpr step_kind holt_winters =
    make_kind<holt_winters_settings, holt_winters_fields, bind_scored<holt_winters_settings, from_forecast>,
              complete_common<holt_winters_settings>>(
        "holt_winters",
        "how far a value lies from the forecast of a level, a trend and a season (Holt 1957, Winters 1960)",
        "{ holt_winters: Amount, season: 24, as: unexpected, score: error }");

} // namespace weir::steps
