#pragma once

#include "config/lane_plan.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace weir::config {

/// A setting that may change while a pipeline runs, and what an operator wants it to be.
struct wanted_setting {
  std::string name; ///< `infer.STEP.model`, where STEP is the first column that the model makes
  /// The path of an ONNX file, a reference into a registry, an alias or a number of the model in the registry that the
  /// pipeline file names, or `default`: what the pipeline file says.
  std::string value;
};

/// Loads the file and tries whether it fits; slow. An error says what is wrong: there is no such setting, no such file,
/// or the model takes or makes something else.
/// @param beside the pipeline file: a path that is not there as it stands is looked for beside it
core::result<core::model_wish> wish_for(const lane_plan& plan, const wanted_setting& wanted, std::string_view beside);

/// What is wanted where the file that a slot follows has changed: the same checks, as slow.
core::result<core::model_wish> wish_to_follow(const models::model_slot& slot);

} // namespace weir::config
