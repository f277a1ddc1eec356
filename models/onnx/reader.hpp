#pragma once

#include "core/base/result.hpp"
#include "models/model.hpp"

#include <string>
#include <string_view>

namespace weir::models {

/// Reads a model from the bytes of an ONNX file: a graph of known operators (onnx_operators()) over rows of features,
/// as skl2onnx and onnxmltools write it. Inputs may be several, of numbers and texts. Feature names and encoders come
/// from the file's metadata, where weir's trainer puts them, or from the names of inputs with one column. What it
/// cannot compute as the file says is refused by name. The bytes need not be trusted.
/// @param explains the model has an output more: model_meaning::explanations
core::result<model_ptr> read_onnx(std::string_view bytes, model_identity who = {}, bool explains = false);

} // namespace weir::models
