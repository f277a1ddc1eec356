#pragma once

#include "config/lane_plan.hpp"
#include "config/stage_builder.hpp"
#include "core/batch/column.hpp"
#include "core/detect/verdict.hpp"
#include "models/online/outlier_learner.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::steps {

/// A detector of unusual rows, at its place in a pipeline. A column that is absent is not made.
struct outlier_detector {
  models::online::outlier_learner_ptr learner;
  core::verdict_rule verdicts;
  std::string kind;
  std::string options; ///< those that the meaning of the state depends on
  std::vector<std::pair<core::column_id, std::string>> inputs;
  std::optional<core::column_id> by{}; ///< absent: one for the lane
  std::string by_name{};
  std::optional<core::column_id> time{}; ///< absent: the record's own
  std::size_t max_keys = 1;
  core::column_id as = 0;
  std::string as_name{};
  std::optional<core::column_id> score{};
  std::optional<core::column_id> anomaly_score{};
  std::optional<core::column_id> severity{};
  std::optional<core::column_id> reason{};
  std::uint8_t table = 0; ///< of the lane's steps with paged state
};

/// The operator of a lane for it. Each record is scored with what was learned from those before it, in order, and then
/// learned from. A record with an input that is null or not finite has no score and no verdict, and is not learned
/// from.
config::paged_step outlier_step(outlier_detector what);

} // namespace weir::steps
