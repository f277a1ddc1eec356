#pragma once

#include "models/tree_model.hpp"

#include <string>

namespace weir::models {

/// The bytes of an ONNX file with a TreeEnsembleRegressor, its input `X` (rows x features, float32) and its output
/// `variable` (rows x 1), as skl2onnx names them; feature names and encoders are in its metadata. ONNX Runtime and
/// read_onnx() load it.
/// @pre `from` is a regressor, check(from.ensemble)
std::string write_onnx(const tree_model& from);

} // namespace weir::models
