#pragma once

#include "config/binding.hpp"
#include "config/kind.hpp"
#include "core/keyed/keyed_operator.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

// What detectors have in common. A detector is a keyed operator that gives each record a score and a flag. The score of
// a record is taken before the record enters what the detector remembers. A missing value has no score, no flag and
// enters nothing.

namespace weir::steps {

/// `as` and `score`. @tparam Columns the member of the settings that holds keyed_columns
template <auto Columns>
constexpr std::array verdict_fields{
    config::field<Columns, &config::keyed_columns::flag>("as", "boolean column: is it an anomaly", config::required),
    config::field<Columns, &config::keyed_columns::value>("score", "double column with the score"),
};

/// `threshold` and `min_count`, for a score in standard deviations.
template <auto Threshold, auto MinCount>
constexpr std::array deviation_fields{
    config::field<Threshold>("threshold", "standard deviations beyond which a value is an anomaly", config::above(0)),
    config::field<MinCount>("min_count", "with fewer values before it the score is 0", config::between(1, 1'000'000)),
};

/// `by` and `max_keys`, for a detector that remembers.
template <auto Columns>
constexpr std::array memory_fields{
    config::field<Columns, &config::keyed_columns::by>(
        "by", "a memory of its own for each value of this column; without: one for the lane"),
    config::field<Columns, &config::keyed_columns::max_keys>(
        "max_keys",
        "of a lane, default 1,000,000: the least recently used goes, and is counted; `state.memory_limit` may allow "
        "fewer",
        config::between(1, 100'000'000)),
};

inline void complete_memory(config::keyed_columns& columns, config::yaml_section& from) {
  if (const auto* option = columns.by ? nullptr : from.find("max_keys"))
    from.report(option->at, "'max_keys' belongs to a detector by key ('by')");
  if (columns.by && !columns.max_keys)
    columns.max_keys = config::usual_max_keys;
}

inline void give_no_score(core::keyed_results& into, std::size_t i) noexcept {
  into.value[i] = std::numeric_limits<double>::quiet_NaN();
  into.flag[i] = core::keyed_results::unknown;
}

inline void give_score(core::keyed_results& into, std::size_t i, double score, bool is_anomalous) noexcept {
  into.value[i] = score;
  into.flag[i] = is_anomalous ? core::keyed_results::anomalous : core::keyed_results::normal;
}

/// Scores each value by `score_of(state, x)`, which takes x in once the score is made. Beyond `threshold`, either way,
/// it is an anomaly.
template <class State, class ScoreOf>
void score_each(const core::keyed_rows& rows, core::keyed_results& into, double threshold, ScoreOf score_of) {
  const auto* values = rows.values[0];
  for (std::size_t i = 0; i < rows.size; ++i) {
    if (!std::isfinite(values[i])) {
      give_no_score(into, i);
      continue;
    }
    const double score = score_of(rows.state<State>(i), values[i]);
    give_score(into, i, score, std::abs(score) > threshold);
  }
}

} // namespace weir::steps
