#include "models/onnx/node.hpp"
#include "models/onnx/operator.hpp"

#include <cstdint>
#include <string>

#include <onnx/onnx_pb.h>

namespace weir::models {

namespace {

/// Whether the value says the same in that type.
bool keeps(const graph_value& value, std::int64_t type) {
  if (type == onnx::TensorProto::FLOAT)
    return true;
  const auto* prediction = std::get_if<graph_prediction>(&value);
  if (prediction == nullptr)
    return false;
  const bool is_number = prediction->what == graph_prediction::part::label
                         && std::holds_alternative<std::vector<std::int64_t>>(prediction->made_by->labels);
  return type == onnx::TensorProto::DOUBLE || (type == onnx::TensorProto::INT64 && is_number);
}

core::result<std::vector<graph_value>> read(const onnx::NodeProto& node, std::span<const graph_value> inputs) {
  const auto attributes = node_attributes::of(node);
  if (!attributes)
    return tl::unexpected{attributes.error()};
  return only_input(node, inputs).and_then([&](graph_value&& input) -> core::result<std::vector<graph_value>> {
    if (const auto type = (*attributes)["to"].i(); !keeps(input, type))
      return core::fail("a Cast to type " + std::to_string(type) + " changes values");
    return std::vector{std::move(input)};
  });
}

} // namespace

constexpr onnx_operator operators::cast{"Cast", "ai.onnx",
                                        "another type for the same values; one that changes them is refused", read};

} // namespace weir::models
