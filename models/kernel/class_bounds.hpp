#pragma once

#include "core/base/result.hpp"
#include "models/training_data.hpp"

#include <string>
#include <vector>

namespace weir::models {

/// C of each class, times its class_weight. Fails when C is not above 0, or weights_of_classes() does.
/// @pre check_classes(data)
core::result<std::vector<double>> bounds_of_classes(const training_data& data, double C,
                                                    const std::string& class_weight);

} // namespace weir::models
