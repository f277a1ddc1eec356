#pragma once

#include "core/base/result.hpp"
#include "models/model_definition.hpp"

#include <memory>
#include <string_view>

namespace weir::models {

/// Reads a model from the bytes of an ONNX file: a graph of known operators (onnx_operators()) from one float tensor
/// with all features to what one model says of them, as skl2onnx writes it. Feature names and encoders come from the
/// file's metadata, where weir's trainer puts them. What it cannot score exactly as the file says is refused by name.
/// The bytes need not be trusted.
core::result<std::shared_ptr<const model_definition>> read_onnx(std::string_view bytes);

} // namespace weir::models
