#pragma once

#include "core/base/result.hpp"
#include "models/graph/tensor.hpp"

namespace onnx {
class TensorProto;
}

namespace weir::models {

/// A tensor that stands in a file. Fails for types that weir does not compute with, for data outside the file, and when
/// there are not as many values as the shape says.
core::result<tensor> read_constant(const onnx::TensorProto& from);

} // namespace weir::models
