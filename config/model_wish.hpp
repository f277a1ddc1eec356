#pragma once

#include "config/lane_plan.hpp"

#include <string>
#include <string_view>

namespace weir::config {

/// A setting that may change while a pipeline runs, and what an operator wants it to be.
struct wanted_setting {
  std::string name;  ///< `infer.STEP.model`, where STEP is the first column that the model makes
  std::string value; ///< the path of an ONNX file, or `default`: what the pipeline file says
};

/// Loads the file and tries whether it fits; slow. An error says what is wrong: there is no such setting, no such file,
/// or the model takes or makes something else.
/// @param beside the pipeline file: a path that is not there as it stands is looked for beside it
core::result<core::model_wish> wish_for(const lane_plan& plan, const wanted_setting& wanted, std::string_view beside);

} // namespace weir::config
