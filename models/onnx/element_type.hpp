#pragma once

#include "models/graph/element.hpp"

#include <cstdint>
#include <optional>

namespace weir::models {

/// How values of a type of ONNX (onnx::TensorProto::DataType) are held; nothing for those that weir does not compute
/// with.
std::optional<element> element_of_onnx(std::int64_t type);

/// The type of ONNX that holds them.
int onnx_type_of(element type);

} // namespace weir::models
