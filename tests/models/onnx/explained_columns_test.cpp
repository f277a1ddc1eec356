#include "models/kinds/model_kind.hpp"
#include "models/onnx/reader.hpp"
#include "tests/models/scoring.hpp"

#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>

#include <numeric>

namespace weir::models {
namespace {

/// The same model, with nodes before its trees that change no value.
std::string behind(const std::string& bytes, const std::vector<onnx::NodeProto>& nodes) {
  onnx::ModelProto file;
  EXPECT_TRUE(file.ParseFromString(bytes));
  auto& graph = *file.mutable_graph();
  auto trees = graph.node(0);
  trees.set_input(0, nodes.back().output(0));
  graph.clear_node();
  for (const auto& node : nodes)
    *graph.add_node() = node;
  *graph.add_node() = trees;
  return file.SerializeAsString();
}

onnx::NodeProto node_of(const std::string& op, const std::vector<std::string>& inputs, const std::string& output,
                        const std::string& domain = {}) {
  onnx::NodeProto made;
  made.set_op_type(op);
  made.set_domain(domain);
  for (const auto& input : inputs)
    made.add_input(input);
  made.add_output(output);
  return made;
}

void set(onnx::NodeProto& of, const std::string& name, const std::vector<float>& values) {
  auto& made = *of.add_attribute();
  made.set_name(name);
  made.set_type(onnx::AttributeProto::FLOATS);
  made.mutable_floats()->Assign(values.begin(), values.end());
}

TEST(explained_columns_test, count_for_the_feature_that_each_comes_from) {
  training_data data{std::vector<std::vector<double>>(3), {}, {"a", "b", "c"}};
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 200; ++i) {
    rows.emplace_back();
    for (int f = 0; f < 3; ++f) {
      data.features[static_cast<std::size_t>(f)].push_back(i * (f + 3) % 20);
      rows.back().push_back(std::to_string(i * (f + 3) % 20));
    }
    data.target.push_back(data.features[0].back() - 2 * data.features[1].back());
  }
  const auto explained = [&](const std::string& file) {
    const auto model = read_onnx(file, {}, true);
    EXPECT_TRUE(model) << model.error().text();
    const auto first = static_cast<std::ptrdiff_t>((*model)->first_column(*(*model)->meaning().explanations));
    const auto scored = test::score(**model, rows).numbers;
    return std::vector(scored.begin() + first, scored.begin() + first + 3);
  };
  const auto file = kinds::random_forest.train(data, 1, {{"n_estimators", "3"}})->file;
  std::vector<float> values(20);
  std::iota(values.begin(), values.end(), 0.0F);
  auto scaler = node_of("Scaler", {"X"}, "same", "ai.onnx.ml");
  set(scaler, "offset", {0, 0, 0});
  set(scaler, "scale", {1, 1, 1});
  auto encoder = node_of("LabelEncoder", {"X"}, "same", "ai.onnx.ml");
  set(encoder, "keys_floats", values);
  set(encoder, "values_floats", values);
  const auto expected = explained(file);
  EXPECT_EQ(explained(behind(file, {scaler})), expected);
  EXPECT_EQ(explained(behind(file, {encoder})), expected);
  EXPECT_EQ(explained(behind(file, {node_of("IsNaN", {"X"}, "lost"), node_of("Where", {"lost", "X", "X"}, "same")})),
            expected);
}

} // namespace
} // namespace weir::models
