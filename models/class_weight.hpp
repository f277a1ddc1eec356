#pragma once

#include "core/base/result.hpp"
#include "models/training_data.hpp"

#include <string_view>
#include <vector>

namespace weir::models {

/// What the weights of each class's rows are multiplied by, as scikit-learn's class_weight.
/// @param class_weight empty: 1; `balanced`: the classes' rows weigh the same in sum, all rows as much as before; or
/// `yes:3,no:0.5`, where a label that is not named has 1
/// Fails where it is none of these, or names a label that is not there. @pre data.labels != nullptr
core::result<std::vector<double>> weights_of_classes(const training_data& data, std::string_view class_weight);

/// The weights of the rows, times those of their classes; empty: all are 1. Fails as weights_of_classes() does, and
/// where there are no classes but weights of such.
core::result<std::vector<double>> weights_by_class(const training_data& data, std::string_view class_weight);

} // namespace weir::models
