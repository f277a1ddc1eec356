#pragma once

#include "core/base/result.hpp"
#include "models/model.hpp"

#include <string_view>

namespace weir::models {

/// Reads a model from the bytes of an ONNX file, to be computed by ONNX Runtime: any operator that it knows. Inputs are
/// those of read_onnx(): tensors of float, double, int64, int32, bool and string with a row each. Outputs are tensors
/// with a row each; classes are named where a node of the file has them as `classlabels_...`. A session of one thread
/// is made, which all threads that score share. A row that ONNX Runtime cannot compute is refused, without its reason.
/// The bytes are checked as far as their sizes go, and may not name other files; what a graph does is ONNX Runtime's.
/// Fails where its library cannot be loaded: find_runtime_library().
/// @param explains fails: ONNX Runtime has no SHAP values
core::result<model_ptr> read_runtime_model(std::string_view bytes, model_identity who = {}, bool explains = false);

} // namespace weir::models
