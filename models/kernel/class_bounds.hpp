#pragma once

#include "core/base/result.hpp"
#include "models/training_data.hpp"

#include <string>
#include <vector>

namespace weir::models {

/// C of each class. Balanced, it is times the number of rows over those that the class would have if all had as many.
/// Fails when C is not above 0, or class_weight neither empty nor `balanced`. @pre check_classes(data)
core::result<std::vector<double>> bounds_of_classes(const training_data& data, double C,
                                                    const std::string& class_weight);

} // namespace weir::models
