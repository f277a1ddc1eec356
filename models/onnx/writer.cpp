#include "models/onnx/writer.hpp"

#include "models/onnx/metadata.hpp"

#include <string_view>

#include <onnx/onnx_pb.h>

namespace weir::models {

namespace {

using onnx::AttributeProto;

// The oldest that know all that is written: readers of any age load it.
constexpr std::int64_t ir_version = 4;
constexpr std::int64_t onnx_version = 9;
constexpr std::int64_t ml_version = 1;

AttributeProto& add(onnx::NodeProto& node, std::string_view name, AttributeProto::AttributeType type) {
  auto& made = *node.add_attribute();
  made.set_name(std::string{name});
  made.set_type(type);
  return made;
}

void set_shape(onnx::ValueInfoProto& value, std::string_view name, std::size_t columns) {
  value.set_name(std::string{name});
  auto& tensor = *value.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(onnx::TensorProto::FLOAT);
  tensor.mutable_shape()->add_dim()->set_dim_param("rows");
  tensor.mutable_shape()->add_dim()->set_dim_value(static_cast<std::int64_t>(columns));
}

void write_meaning(const tree_model& from, onnx::NodeProto& node) {
  add(node, "n_targets", AttributeProto::INT).set_i(1);
  add(node, "post_transform", AttributeProto::STRING)
      .set_s(from.transform == post_transform::logistic ? "LOGISTIC" : "NONE");
  if (from.base_values.empty())
    return;
  auto& bases = add(node, "base_values", AttributeProto::FLOATS);
  for (const auto base : from.base_values)
    bases.add_floats(static_cast<float>(base));
}

void write_splits(const tree_ensemble& from, onnx::NodeProto& node) {
  auto& trees = add(node, "nodes_treeids", AttributeProto::INTS);
  auto& ids = add(node, "nodes_nodeids", AttributeProto::INTS);
  auto& features = add(node, "nodes_featureids", AttributeProto::INTS);
  auto& values = add(node, "nodes_values", AttributeProto::FLOATS);
  auto& modes = add(node, "nodes_modes", AttributeProto::STRINGS);
  auto& left = add(node, "nodes_truenodeids", AttributeProto::INTS);
  auto& right = add(node, "nodes_falsenodeids", AttributeProto::INTS);
  auto& missing = add(node, "nodes_missing_value_tracks_true", AttributeProto::INTS);
  for (std::size_t t = 0; t < from.trees.size(); ++t)
    for (std::size_t i = 0; i < from.trees[t].size(); ++i) {
      const auto& split = from.trees[t][i];
      trees.add_ints(static_cast<std::int64_t>(t));
      ids.add_ints(static_cast<std::int64_t>(i));
      features.add_ints(split.feature);
      values.add_floats(split.threshold);
      modes.add_strings(split.is_leaf() ? "LEAF" : "BRANCH_LEQ");
      left.add_ints(split.left);
      right.add_ints(split.right);
      missing.add_ints(split.missing_goes_left ? 1 : 0);
    }
}

void write_leaves(const tree_ensemble& from, onnx::NodeProto& node) {
  auto& trees = add(node, "target_treeids", AttributeProto::INTS);
  auto& ids = add(node, "target_nodeids", AttributeProto::INTS);
  auto& targets = add(node, "target_ids", AttributeProto::INTS);
  auto& weights = add(node, "target_weights", AttributeProto::FLOATS);
  for (std::size_t t = 0; t < from.trees.size(); ++t)
    for (std::size_t i = 0; i < from.trees[t].size(); ++i)
      if (const auto& leaf = from.trees[t][i]; leaf.is_leaf()) {
        trees.add_ints(static_cast<std::int64_t>(t));
        ids.add_ints(static_cast<std::int64_t>(i));
        targets.add_ints(0);
        weights.add_floats(from.leaf_values[leaf.leaf]);
      }
}

} // namespace

std::string write_onnx(const tree_model& from) {
  onnx::ModelProto file;
  file.set_ir_version(ir_version);
  file.set_producer_name("weir");
  auto& standard = *file.add_opset_import();
  standard.set_domain("");
  standard.set_version(onnx_version);
  auto& ml = *file.add_opset_import();
  ml.set_domain("ai.onnx.ml");
  ml.set_version(ml_version);

  auto& graph = *file.mutable_graph();
  graph.set_name("forest");
  set_shape(*graph.add_input(), "X", from.ensemble.features);
  set_shape(*graph.add_output(), "variable", 1);
  auto& node = *graph.add_node();
  node.set_name("forest");
  node.set_op_type("TreeEnsembleRegressor");
  node.set_domain("ai.onnx.ml");
  node.add_input("X");
  node.add_output("variable");
  write_meaning(from, node);
  write_splits(from.ensemble, node);
  write_leaves(from.ensemble, node);
  write_metadata(from, file);
  return file.SerializeAsString();
}

} // namespace weir::models
