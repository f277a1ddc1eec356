#pragma once

#include "config/lane_plan.hpp"
#include "core/batch/column.hpp"
#include "core/batch/layout.hpp"
#include "models/online/learner.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir::steps {

/// A column that a step reads, with the name that reasons call it.
struct read_column {
  core::column_id id = 0;
  std::string name{};
};

/// A model that learns on, at its place in a pipeline.
struct online_model {
  models::online::learner_ptr learner;
  std::string kind;
  std::string options; ///< those that the meaning of the state depends on
  std::vector<read_column> inputs;
  read_column truth;
  std::optional<read_column> by; ///< absent: one model for the lane
  std::size_t max_keys = 1;
  core::column_id as = 0;
  std::string as_name;
  std::optional<core::column_id> probability;
  std::optional<core::column_type> label; ///< a classifier's: boolean, int64 or string; absent: a regressor
  std::vector<std::string> classes;       ///< that are given; a number's are its eight bytes
  std::uint8_t table = 0;                 ///< of the lane's models that learn on
};

/// The operator of a lane for it. Each record is scored with what was learned from those before it, in order, and then
/// learned from if the truth is not null. A record with an input that is null or not finite, a truth that is not
/// finite, or a label that cannot be one goes to the dead letters and is not learned from.
config::paged_step online_step(online_model what);

} // namespace weir::steps
