#pragma once

#include "core/base/result.hpp"
#include "models/tree_model.hpp"

#include <string>
#include <string_view>

namespace weir::models {

/// Reads a model from the bytes of an ONNX file: one TreeEnsembleRegressor with one target or TreeEnsembleClassifier
/// (sums, branches by `<=`, float), with Cast, Identity and ZipMap around it, as skl2onnx writes them. Feature names
/// and encoders come from the file's metadata, where weir's trainer puts them. What it cannot score exactly as the file
/// says is refused by name. The bytes need not be trusted.
core::result<tree_model> read_onnx(std::string_view bytes);

} // namespace weir::models
