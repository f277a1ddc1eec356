#pragma once

#include "core/base/result.hpp"
#include "models/onnx/graph_value.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace onnx {
class AttributeProto;
class NodeProto;
} // namespace onnx

namespace weir::models {

/// The input of a node that has one. Fails when it has another number.
core::result<graph_value> only_input(const onnx::NodeProto& node, std::span<const graph_value> inputs);

/// The attributes of a node by their names. The node must outlive them.
class node_attributes {
public:
  /// Fails when two have the same name.
  static core::result<node_attributes> of(const onnx::NodeProto& node);

  /// One without a value when the node has none of that name.
  const onnx::AttributeProto& operator[](std::string_view name) const;

  /// Fails when there is one beyond these: it could change what the node says.
  core::result<void> expect_only(std::span<const std::string_view> known) const;

private:
  explicit node_attributes(const onnx::NodeProto& node) : node_{&node} {}

  const onnx::NodeProto* node_;
  std::map<std::string_view, const onnx::AttributeProto*> by_name_;
};

} // namespace weir::models
