#include "models/onnx/node.hpp"
#include "models/onnx/operator.hpp"

namespace weir::models {

namespace {

core::result<std::vector<graph_value>> read(const onnx::NodeProto& node, std::span<const graph_value> inputs) {
  return only_input(node, inputs).map([](graph_value&& input) { return std::vector{std::move(input)}; });
}

} // namespace

constexpr onnx_operator operators::identity{"Identity", "ai.onnx", "passes a value on", read};

} // namespace weir::models
