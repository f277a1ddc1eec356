#include "models/onnx/target_inverse.hpp"

#include <vector>

#include <onnx/onnx_pb.h>

namespace weir::models {

namespace {

/// Adds nodes that each take what the one before has made.
class node_chain {
public:
  node_chain(onnx::GraphProto& graph, std::string begin) : graph_{graph}, at_{std::move(begin)} {}

  /// @param constants further inputs, each of one number
  onnx::NodeProto& add(const std::string& op, const std::vector<double>& constants = {}) {
    auto& made = *graph_.add_node();
    made.set_op_type(op);
    made.set_name(op + "_" + std::to_string(graph_.node_size()));
    made.add_input(at_);
    for (const auto value : constants) {
      auto& number = *graph_.add_initializer();
      number.set_name(":target_" + std::to_string(graph_.initializer_size()));
      number.set_data_type(onnx::TensorProto::DOUBLE);
      number.add_dims(1);
      number.add_double_data(value);
      made.add_input(number.name());
    }
    at_ = ":target_scale_" + std::to_string(graph_.node_size());
    made.add_output(at_);
    last_ = &made;
    return made;
  }

  void end(const std::string& name) { last_->set_output(0, name); }

private:
  onnx::GraphProto& graph_;
  std::string at_;
  onnx::NodeProto* last_ = nullptr;
};

} // namespace

std::string with_target_inverse(std::string_view file, const fitted_transform& transform) {
  onnx::ModelProto whole;
  whole.ParseFromArray(file.data(), static_cast<int>(file.size()));
  auto& graph = *whole.mutable_graph();
  const auto predicted = graph.output(0).name();
  const std::string transformed = ":transformed_target";
  for (auto& node : *graph.mutable_node())
    for (auto& output : *node.mutable_output())
      if (output == predicted)
        output = transformed;
  node_chain chain{graph, transformed};
  auto& to = *chain.add("Cast").add_attribute();
  to.set_name("to");
  to.set_type(onnx::AttributeProto::INT);
  to.set_i(onnx::TensorProto::DOUBLE);
  switch (transform.by) {
  case target_transform::log: chain.add("Exp"); break;
  case target_transform::log1p:
    chain.add("Exp");
    chain.add("Sub", {1.0});
    break;
  case target_transform::sqrt: chain.add("Pow", {2.0}); break;
  default: chain.add("Mul", {transform.scale}); chain.add("Add", {transform.centre});
  }
  chain.end(predicted);
  graph.mutable_output(0)->mutable_type()->mutable_tensor_type()->set_elem_type(onnx::TensorProto::DOUBLE);
  return whole.SerializeAsString();
}

} // namespace weir::models
