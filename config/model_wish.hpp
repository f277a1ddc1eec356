#pragma once

#include "config/lane_plan.hpp"

#include <string>
#include <string_view>

namespace weir::config {

/// A setting that may change while a pipeline runs, and what an operator wants it to be. STEP is the first column that
/// a model makes.
///
///     infer.STEP.model       an ONNX file, a reference into a registry, or an alias or a number of the model in the
///                            registry that the pipeline file names
///     infer.STEP.challenger  the same, or `none`
///     infer.STEP.canary      share of keys that get the challenger's results: `5%`
///
/// `default` is what the pipeline file says.
struct wanted_setting {
  std::string name;
  std::string value;
};

/// Loads the file and tries whether it fits; slow. An error says what is wrong: there is no such setting, no such file,
/// or the model takes or makes something else.
/// @param now what the pipeline scores with
/// @param beside the pipeline file: a path that is not there as it stands is looked for beside it
core::result<core::model_wish> wish_for(const lane_plan& plan, const core::model_choice& now,
                                        const wanted_setting& wanted, std::string_view beside);

/// What is wanted where the file that a slot follows has changed: the same checks, as slow.
core::result<core::model_wish> wish_to_follow(const models::model_slot& slot);

/// The challenger that a pipeline file names; nothing: it names none.
/// @param of_file the models of the pipeline file
std::optional<core::chosen_model> challenger_of_file(const models::model_slot& slot,
                                                     const models::contest::options& of_file);

} // namespace weir::config
