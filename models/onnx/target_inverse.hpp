#pragma once

#include "models/target_transform.hpp"

#include <string>
#include <string_view>

namespace weir::models {

/// The same ONNX file, which brings what it predicts back to the target's own scale: in double, as a prediction may be
/// large. Its outputs keep their names. @param file of a regressor, whose first output is the prediction
std::string with_target_inverse(std::string_view file, const fitted_transform& transform);

} // namespace weir::models
