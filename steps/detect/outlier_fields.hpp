#pragma once

#include "steps/detect/detector.hpp"

#include "models/online/outlier_learner.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

// What detectors of unusual rows, over several columns, have in common in a pipeline file.

namespace weir::steps {

struct outlier_columns {
  detection common; ///< `common.columns.of` is not used
  std::vector<config::column_name> inputs{};
};

inline constexpr std::string_view inputs_help =
    "columns of numbers; a record with a null or a number that is not finite among them has no score";

/// Adds the detector. @param options those that the meaning of the state depends on  @param make of so many inputs
void bind_outlier_detector(const outlier_columns& columns, std::string_view kind, std::string options,
                           const std::function<models::online::outlier_learner_ptr(std::size_t inputs)>& make,
                           config::binding& into);

} // namespace weir::steps
