#include "models/onnx/node.hpp"

#include <algorithm>

#include <onnx/onnx_pb.h>

namespace weir::models {

using core::fail;

core::result<graph_value> only_input(const onnx::NodeProto& node, std::span<const graph_value> inputs) {
  if (inputs.size() != 1)
    return fail("operator '" + node.op_type() + "' has " + std::to_string(inputs.size()) + " inputs, not one");
  return inputs.front();
}

core::result<node_attributes> node_attributes::of(const onnx::NodeProto& node) {
  node_attributes made{node};
  for (const auto& attribute : node.attribute())
    if (!made.by_name_.emplace(attribute.name(), &attribute).second)
      return fail("attribute '" + attribute.name() + "' is there twice");
  return made;
}

const onnx::AttributeProto& node_attributes::operator[](std::string_view name) const {
  static const onnx::AttributeProto absent;
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? absent : *found->second;
}

core::result<void> node_attributes::expect_only(std::span<const std::string_view> known) const {
  for (const auto& [name, attribute] : by_name_)
    if (std::find(known.begin(), known.end(), name) == known.end())
      return fail("unknown attribute '" + attribute->name() + "' of " + node_->op_type());
  return {};
}

} // namespace weir::models
