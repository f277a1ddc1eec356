#pragma once

#include "core/base/result.hpp"
#include "models/model.hpp"

#include <vector>

namespace weir::models {

/// Gives the features the names of the file's metadata, where there are some. Fails where these are not as many.
/// @param is_wide an input has several columns: its name is no feature's
core::result<void> name_features(model_meaning& of, const std::vector<model_feature>& names, bool is_wide);

/// Whether an output can be a classifier's label: one column of whole numbers or texts.
bool is_label(const model_output& of);

/// Finds which outputs are the prediction and the probabilities. A classifier says a label, in one column of whole
/// numbers or texts, and a number for each class, in one output or in one for each class: these become one.
void find_prediction(model_meaning& of);

} // namespace weir::models
