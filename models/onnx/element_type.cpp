#include "models/onnx/element_type.hpp"

#include <onnx/onnx_pb.h>

namespace weir::models {

std::optional<element> element_of_onnx(std::int64_t type) {
  switch (type) {
  case onnx::TensorProto::FLOAT: return element::f32;
  case onnx::TensorProto::DOUBLE: return element::f64;
  case onnx::TensorProto::INT64:
  case onnx::TensorProto::INT32: return element::i64;
  case onnx::TensorProto::BOOL: return element::boolean;
  case onnx::TensorProto::STRING: return element::text;
  default: return std::nullopt;
  }
}

int onnx_type_of(element type) {
  switch (type) {
  case element::f32: return onnx::TensorProto::FLOAT;
  case element::f64: return onnx::TensorProto::DOUBLE;
  case element::i64: return onnx::TensorProto::INT64;
  case element::boolean: return onnx::TensorProto::BOOL;
  case element::text: return onnx::TensorProto::STRING;
  }
  return onnx::TensorProto::UNDEFINED;
}

} // namespace weir::models
