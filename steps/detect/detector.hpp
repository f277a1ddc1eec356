#pragma once

#include "config/binding.hpp"
#include "config/kind.hpp"
#include "core/base/civil_time.hpp"
#include "core/base/short_number.hpp"
#include "core/detect/rarity_text.hpp"
#include "core/detect/verdict.hpp"
#include "core/keyed/keyed_operator.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <utility>

// What detectors have in common. A detector is a keyed operator that gives each record a score and a verdict. The score
// of a record is taken before the record enters what the detector remembers. A missing value has no score, no verdict
// and enters nothing.

namespace weir::steps {

/// The settings of a detector whose scores are judged by how rare they are, or by a threshold.
struct detection {
  config::keyed_columns columns;
  std::optional<double> threshold;
  std::optional<double> false_alarm_rate; ///< default: that of verdict_options
  double clear_below = 1;
  config::milliseconds suppress_for{0};
};

/// `as` and `score`. @tparam Columns the path to the keyed_columns in the settings
template <auto... Columns>
constexpr std::array verdict_fields{
    config::field<Columns..., &config::keyed_columns::flag>("as", "boolean column: is it an anomaly", config::required),
    config::field<Columns..., &config::keyed_columns::value>("score", "double column with the score"),
};

/// `by` and `max_keys`, for a detector that remembers.
template <auto... Columns>
constexpr std::array memory_fields{
    config::field<Columns..., &config::keyed_columns::by>(
        "by", "a memory of its own for each value of this column; without: one for the lane"),
    config::field<Columns..., &config::keyed_columns::max_keys>(
        "max_keys",
        "of a lane, default 1,000,000: the least recently used goes, and is counted; `state.memory_limit` may allow "
        "fewer",
        config::between(1, 100'000'000)),
};

/// As judgement_fields, of a detector whose time is no matter of `suppress_for` alone.
template <auto... Common>
constexpr auto judgement_fields_but_time = config::join(
    std::array{
        config::field<Common..., &detection::threshold>(
            "threshold", "a score beyond it, either way, is an anomaly; without: one that is rare enough",
            config::above(0)),
        config::field<Common..., &detection::false_alarm_rate>(
            "false_alarm_rate", "how rare: the share of ordinary records that may be called anomalies; default 1e-05",
            config::above(0) | config::between(0, 0.01)),
    },
    memory_fields<Common..., &detection::columns>, verdict_fields<Common..., &detection::columns>,
    std::array{
        config::field<Common..., &detection::columns, &config::keyed_columns::anomaly_score>(
            "anomaly_score", "double column: how rare the score is, from 0 to 1, 0.1 for each power of ten; null while "
                             "the detector warms up"),
        config::field<Common..., &detection::columns, &config::keyed_columns::severity>(
            "severity", "text column: low, medium (rarer than 1 in 1e6), high (1e8) or critical (1e10); null without "
                        "an anomaly, and "
                        "while the detector warms up"),
        config::field<Common..., &detection::columns, &config::keyed_columns::reason>(
            "reason", "text column: why it is an anomaly, for people; null without one"),
        config::field<Common..., &detection::clear_below>(
            "clear_below", "an anomaly lasts until the score is below so many times what began it; 1: at once",
            config::above(0) | config::between(0, 1)),
        config::field<Common..., &detection::suppress_for>(
            "suppress_for", "behind an anomaly no other is said for so long, in event time"),
    });

/// When a score makes an anomaly, and what is said of it. @tparam Common the path to the detection in the settings
template <auto... Common>
constexpr auto judgement_fields =
    config::join(judgement_fields_but_time<Common...>,
                 std::array{config::field<Common..., &detection::columns, &config::keyed_columns::time>(
                     "time", "the timestamp column for `suppress_for`; default: the record's own (Kafka's)")});

/// `min_count`. @tparam MinCount the path to it in the settings
template <auto... MinCount>
constexpr std::array min_count_fields{
    config::field<MinCount...>("min_count", "with fewer values before it the score is 0",
                               config::between(1, 1'000'000)),
};

inline void complete_memory(config::keyed_columns& columns, config::yaml_section& from) {
  if (const auto* option = columns.by ? nullptr : from.find("max_keys"))
    from.report(option->at, "'max_keys' belongs to a detector by key ('by')");
  if (columns.by && !columns.max_keys)
    columns.max_keys = config::usual_max_keys;
}

inline void complete_detection(detection& of, config::yaml_section& from) {
  complete_memory(of.columns, from);
  if (const auto* rate = of.threshold ? from.find("false_alarm_rate") : nullptr)
    from.report(rate->at, "a detector takes 'threshold' or 'false_alarm_rate', not both");
}

/// For a detector with nothing but a detection to complete. @tparam Settings with a member `common`
template <class Settings>
void complete_common(Settings& s, config::yaml_section& from) {
  complete_detection(s.common, from);
}

/// For one over a window of `last` values that says nothing before it has `min_count` of them.
template <class Settings>
void complete_window(Settings& s, config::yaml_section& from) {
  complete_detection(s.common, from);
  if (s.min_count > s.last)
    from.report(from.at(), "'min_count' of detector is larger than its window 'last'");
}

inline core::verdict_rule verdicts_of(const detection& of, const core::tail_prior& prior) {
  const auto& columns = of.columns;
  return core::verdict_rule{{.threshold = of.threshold,
                             .false_alarm_rate = of.false_alarm_rate.value_or(core::verdict_options{}.false_alarm_rate),
                             .clear_below = of.clear_below,
                             .suppress_ms = of.suppress_for.count(),
                             .tells_probability = !columns.anomaly_score.text.empty() || !columns.severity.text.empty()
                                                  || !columns.reason.text.empty(),
                             .prior = prior}};
}

inline void give_no_score(core::keyed_results& into, std::size_t i) noexcept {
  into.value[i] = std::numeric_limits<double>::quiet_NaN();
  into.flag[i] = core::keyed_results::unknown;
  if (into.anomaly_score != nullptr)
    into.anomaly_score[i] = std::numeric_limits<double>::quiet_NaN();
}

inline void give_score(core::keyed_results& into, std::size_t i, double score, bool is_anomalous) noexcept {
  into.value[i] = score;
  into.flag[i] = is_anomalous ? core::keyed_results::anomalous : core::keyed_results::normal;
}

/// What is beyond counts as this: squares are still numbers.
inline constexpr double largest_value = 1e150;

/// What a scorer says of a value.
struct scored {
  double score = 0;
  double expected = 0;  ///< what it was compared with
  double count = 0;     ///< of values that that is known from
  bool is_warm = false; ///< false: too little is known for a verdict
  bool can_be_anomalous = true;
};

/// A detector, from what scores its values. @tparam Scorer settings, immutable, with
///   prior: a tail_prior of the scale that strangeness() is on
///   state_size(), layout(), valid(state): as of a keyed_operator, of the scorer's part of the state
///   score(state, x) -> scored: takes x in, once the score is made; score(state, x, time) where times matter
///   scores_missing, if a value that is missing has a score too: then x may be NaN
///   begin_anew(state), if it forgets behind an anomaly
///   strangeness(scored): the score as a number that is not negative, more for what is stranger
///   most_strangeness(scored), if strangeness takes long: something that it is not above, in less time
///   describe(x, scored): a text for people, `is 4.1 standard deviations above 17`
///   values_are_times, if texts are to show values as times
template <class Scorer>
class scored_detector final : public core::keyed_operator {
public:
  scored_detector(Scorer scorer, const detection& of) :
      scorer_{std::move(scorer)}, verdicts_{verdicts_of(of, Scorer::prior)}, column_{of.columns.of.text},
      scorer_size_{scorer_.state_size()} {}

  std::size_t state_size() const noexcept override { return scorer_size_ + verdicts_.state_size(); }
  std::string state_layout() const override {
    return scorer_.layout() + (verdicts_.state_size() != 0 ? ", judged" : "");
  }
  bool valid(const std::byte* state) const noexcept override {
    return scorer_.valid(state) && verdicts_.valid(state + scorer_size_);
  }
  bool uses_time() const noexcept override { return scores_times || verdicts_.uses_time(); }

  void process(const core::keyed_rows& rows, core::keyed_results& into) const override {
    const auto* values = rows.values[0];
    for (std::size_t i = 0; i < rows.size; ++i) {
      if (!is_scored(rows, i)) {
        give_no_score(into, i);
        continue;
      }
      auto* state = rows.states[i] + rows.state_offset;
      const auto x = std::clamp(values[i], -largest_value, largest_value);
      auto found = score(rows, i, state, x);
      found.score = std::isnan(found.score) ? 0 : std::clamp(found.score, -largest_value, largest_value);
      auto said = found.is_warm ? judged(rows, i, state, found) : core::verdict{};
      said.is_anomalous &= found.can_be_anomalous;
      give_score(into, i, found.score, said.is_anomalous);
      if (into.anomaly_score != nullptr)
        into.anomaly_score[i] = core::anomaly_score_of(said.probability);
      if (!said.is_anomalous)
        continue;
      if (into.severities != nullptr)
        into.severities[i] = core::severity_of(said.probability);
      if (into.reasons != nullptr)
        into.reasons[i] =
            column_ + ' ' + shown(values[i]) + ' ' + scorer_.describe(x, found) + core::rarity_text(said.probability);
      if constexpr (requires { Scorer::begin_anew(state); })
        Scorer::begin_anew(state);
    }
  }

private:
  static constexpr bool scores_times = requires(const Scorer& s, std::byte* state) {
    s.score(state, 0.0, std::int64_t{});
  };
  static constexpr bool scores_missing = requires { Scorer::scores_missing; };

  static std::string shown(double value) {
    if constexpr (requires { Scorer::values_are_times; })
      return core::time_text(static_cast<std::int64_t>(value));
    else
      return core::short_number(value);
  }

  static bool is_scored(const core::keyed_rows& rows, std::size_t i) noexcept {
    if constexpr (scores_times)
      if (rows.times[i] == core::keyed_rows::no_time)
        return false;
    return scores_missing || std::isfinite(rows.values[0][i]);
  }

  scored score(const core::keyed_rows& rows, std::size_t i, std::byte* state, double x) const noexcept {
    if constexpr (scores_times)
      return scorer_.score(state, x, rows.times[i]);
    else
      return scorer_.score(state, x);
  }

  core::verdict judged(const core::keyed_rows& rows, std::size_t i, std::byte* state,
                       const scored& found) const noexcept {
    state += scorer_size_;
    return verdicts_.say(state, found.score, strangeness(state, found), verdicts_.uses_time() ? rows.times[i] : 0);
  }

  /// As exact as verdicts need it.
  double strangeness(const std::byte* verdict_state, const scored& found) const noexcept {
    if (!verdicts_.has_tail())
      return 0;
    if constexpr (requires { scorer_.most_strangeness(found); })
      if (const auto most = scorer_.most_strangeness(found); verdicts_.is_ordinary(verdict_state, most))
        return most;
    return scorer_.strangeness(found);
  }

  Scorer scorer_;
  core::verdict_rule verdicts_;
  std::string column_;
  std::size_t scorer_size_;
};

/// Adds the detector that a scorer makes, which is made from the settings.
template <class Settings, class Scorer>
void bind_scored(const Settings& s, config::binding& into) {
  into.add(std::make_shared<scored_detector<Scorer>>(Scorer{s}, s.common), s.common.columns);
}

} // namespace weir::steps
