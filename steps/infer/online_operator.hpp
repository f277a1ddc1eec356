#pragma once

#include "config/lane_plan.hpp"
#include "config/stage_builder.hpp"
#include "core/batch/column.hpp"
#include "core/batch/layout.hpp"
#include "models/online/learner.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::steps {

/// A column that a step reads, with the name that reasons call it.
struct read_column {
  core::column_id id = 0;
  std::string name{};
};

/// Where a record that is a change of a row says so.
struct read_changes {
  /// The row as it was before an update or a delete.
  struct old_row {
    std::vector<read_column> inputs;
    read_column truth;
    std::optional<read_column> by;
  };

  read_column operation;      ///< `__deleted`, a boolean, or `__op`
  std::optional<old_row> old; ///< absent: the model learns new rows only
};

/// A model that learns on, at its place in a pipeline.
struct online_model {
  models::online::learner_ptr learner;
  std::string kind;
  std::string options; ///< those that the meaning of the state depends on
  std::vector<read_column> inputs;
  read_column truth;
  std::optional<read_column> by;       ///< absent: one model for the lane
  std::optional<read_changes> changes; ///< absent: each record is a row to learn from
  std::size_t max_keys = 1;
  core::column_id as = 0;
  std::string as_name;
  std::optional<core::column_id> probability;
  std::optional<core::column_type> label; ///< a classifier's: boolean, int64 or string; absent: a regressor
  std::vector<std::string> classes;       ///< that are given; a number's are its eight bytes
  std::uint8_t table = 0;                 ///< of the lane's models that learn on
  std::shared_ptr<core::model_figures> figures = std::make_shared<core::model_figures>();
};

/// The operator of a lane for it. Each record is scored with what was learned from those before it, in order, and then
/// learned from if the truth is not null. A record with an input that is null or not finite, a truth that is not
/// finite, or a label that cannot be one goes to the dead letters and is not learned from. Where the source holds
/// changes, a delete is scored and not learned from, and the old row of a change is un-learned first if the model can;
/// one with a null, or that could not have been learned, is not.
config::paged_step online_step(online_model what);

} // namespace weir::steps
