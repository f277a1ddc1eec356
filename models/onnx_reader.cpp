#include "models/onnx_reader.hpp"

#include "models/onnx_ensemble.hpp"
#include "models/onnx_metadata.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <string>

#include <onnx/onnx_pb.h>

namespace weir::models {

namespace {

using core::fail;

/// Protobuf's own limit.
constexpr auto max_bytes = static_cast<std::size_t>(std::numeric_limits<int>::max());

bool is_ensemble(const onnx::NodeProto& node) {
  return node.op_type() == "TreeEnsembleRegressor" || node.op_type() == "TreeEnsembleClassifier";
}

/// What a Cast casts to.
std::int64_t cast_type(const onnx::NodeProto& node) {
  for (const auto& attribute : node.attribute())
    if (attribute.name() == "to")
      return attribute.i();
  return onnx::TensorProto::UNDEFINED;
}

/// A node around the ensemble must leave the values as they are.
core::result<void> check_around(const onnx::NodeProto& node, bool is_before, bool is_classifier) {
  if (node.op_type() == "Identity" || (node.op_type() == "ZipMap" && !is_before))
    return {};
  if (node.op_type() != "Cast")
    return fail("operator '" + node.op_type() + "' is not supported", {},
                "export the trees alone, with one float input, and put what prepares the inputs into the pipeline");
  const auto to = cast_type(node);
  const auto is_float = to == onnx::TensorProto::FLOAT;
  const auto is_exact = to == onnx::TensorProto::DOUBLE || (is_classifier && to == onnx::TensorProto::INT64);
  if (is_float || (is_exact && !is_before))
    return {};
  return fail("a Cast to type " + std::to_string(to) + " changes values");
}

/// The ensemble of the graph, and whether all that is around it can be left out.
core::result<const onnx::NodeProto*> find_ensemble(const onnx::GraphProto& graph) {
  const auto found = std::find_if(graph.node().begin(), graph.node().end(), is_ensemble);
  if (found == graph.node().end()) {
    if (graph.node().empty())
      return fail("the graph is empty");
    return fail("the model has no tree ensemble (its first operator is '" + graph.node(0).op_type() + "')", {},
                "weir scores TreeEnsembleRegressor and TreeEnsembleClassifier");
  }
  if (graph.input_size() != 1)
    return fail("the model has " + std::to_string(graph.input_size()) + " inputs", {},
                "export it with all features in one float tensor");
  if (found->domain() != "ai.onnx.ml")
    return fail("operator '" + found->op_type() + "' of domain '" + found->domain() + "' is not supported");
  if (found->input_size() != 1)
    return fail("the ensemble has " + std::to_string(found->input_size()) + " inputs");
  const auto is_classifier = found->op_type() == "TreeEnsembleClassifier";
  // Nodes stand in the order of their data: what the ensemble reads comes before it, what reads it comes behind.
  std::set<std::string> reached{graph.input(0).name()};
  for (auto node = graph.node().begin(); node != graph.node().end(); ++node) {
    if (node == found) {
      if (!reached.contains(node->input(0)))
        return fail("the ensemble does not read the model's input");
      reached = {node->output().begin(), node->output().end()};
      continue;
    }
    if (auto good = check_around(*node, node < found, is_classifier); !good)
      return tl::unexpected{good.error()};
    if (node->input_size() != 1 || !reached.contains(node->input(0)))
      return fail("operator '" + node->op_type() + "' stands beside the ensemble");
    reached.insert(node->output().begin(), node->output().end());
  }
  return &*found;
}

/// How many columns the input has; 0 where the file leaves it open.
core::result<std::size_t> features_of(const onnx::ValueInfoProto& input) {
  const auto& tensor = input.type().tensor_type();
  if (!tensor.has_shape())
    return 0;
  if (tensor.shape().dim_size() != 2)
    return fail("input '" + input.name() + "' is no matrix", {}, "export it with all features in one float tensor");
  const auto columns = tensor.shape().dim(1).dim_value();
  if (columns < 0 || columns > 1'000'000)
    return fail("input '" + input.name() + "' has " + std::to_string(columns) + " columns");
  return static_cast<std::size_t>(columns);
}

} // namespace

core::result<tree_model> read_onnx(std::string_view bytes) {
  onnx::ModelProto file;
  if (bytes.size() > max_bytes || !file.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return fail("this is no ONNX file");
  auto ensemble = find_ensemble(file.graph());
  if (!ensemble)
    return tl::unexpected{ensemble.error()};
  auto features = features_of(file.graph().input(0));
  if (!features)
    return tl::unexpected{features.error()};
  auto model = read_tree_ensemble(**ensemble, *features);
  if (!model)
    return model;
  if (auto good = read_metadata(file, *model); !good)
    return tl::unexpected{good.error()};
  return model;
}

} // namespace weir::models
