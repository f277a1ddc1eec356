#pragma once

#include "core/cluster/contest_rules.hpp"
#include "core/cluster/stream_drift.hpp"

#include <limits>
#include <optional>
#include <string_view>

namespace weir::core {

/// Whether what a step predicts is distributed otherwise than in its baseline, as the last verdict on the stream says.
struct prediction_drift {
  double drifts = std::numeric_limits<double>::quiet_NaN();        ///< 1 or 0; NaN: nobody knows
  double drift_percent = std::numeric_limits<double>::quiet_NaN(); ///< likewise
};

/// Of the column that the step makes. Nobody knows where nobody watches it over the whole stream.
prediction_drift drift_of(const drift_standing& stream, std::string_view step) noexcept;

/// judge(), where rules may speak of `prediction.drifts` and `prediction.drift_percent`, too.
std::optional<contest_decision> judge(const contest_rule& rule, const model_choice& choice,
                                      const contest_figures& figures, const prediction_drift& drift);

/// Whether a rule speaks of these.
bool is_about_drift(const contest_rule& rule);

} // namespace weir::core
