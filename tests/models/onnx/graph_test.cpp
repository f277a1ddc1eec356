#include "tests/models/model_fixture.hpp"

#include "models/onnx/operator.hpp"
#include "models/onnx/tree_file.hpp"

#include <array>
#include <functional>
#include <set>

#include <onnx/onnx_pb.h>

namespace weir::models {
namespace {

using onnx::TensorProto;

/// What becomes of the nodes around a model.
class graph_test : public model_fixture {
protected:
  using change = std::function<void(onnx::GraphProto&)>;

  /// The bytes of a file of the fixture, or of one that was written, with another graph.
  static std::string changed(const std::string& bytes, const change& how) {
    onnx::ModelProto file;
    EXPECT_TRUE(file.ParseFromString(bytes));
    how(*file.mutable_graph());
    return file.SerializeAsString();
  }

  static std::string problem(const std::string& bytes) {
    const auto read = read_onnx(bytes);
    return read ? "" : read.error().what;
  }

  static std::string problem_of_regressor(const change& how) { return problem(changed(regressor(), how)); }
  static std::string problem_of_classifier(const change& how) {
    return problem(changed(bytes_of("boosted_binary.onnx"), how));
  }

  /// 10 where the first of two features is at most 1, else 20.
  static std::string regressor() {
    tree_ensemble trees;
    trees.features = 2;
    trees.trees.emplace_back(3);
    auto& tree = trees.trees[0];
    tree[0].threshold = 1;
    tree[0].left = 1;
    tree[0].right = 2;
    tree[1].leaf = trees.add_leaf(std::array{10.0});
    tree[2].leaf = trees.add_leaf(std::array{20.0});
    training_data data;
    data.features.resize(2);
    return write_trees({trees, {}}, data, {}, "NONE");
  }

  static void expect_the_predictions_of_the_regressor(const std::string& bytes) {
    const auto read = read_onnx(bytes);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ((*read)->meaning().features.size(), 2u);
    EXPECT_EQ(test::score(**read, {{"0", "9"}, {"5", "9"}}).numbers[0], (std::vector<double>{10, 20}));
  }

  static onnx::NodeProto node(const std::string& type, const std::string& input, const std::string& output,
                              const std::string& domain = {}) {
    onnx::NodeProto made;
    made.set_op_type(type);
    made.set_domain(domain);
    made.add_input(input);
    made.add_output(output);
    return made;
  }

  static onnx::NodeProto cast(const std::string& input, const std::string& output, TensorProto::DataType type) {
    auto made = node("Cast", input, output);
    auto& to = *made.add_attribute();
    to.set_name("to");
    to.set_i(type);
    return made;
  }

  /// Lets the trees read `name` and puts `first` before them.
  static void put_before_trees(onnx::GraphProto& graph, const std::string& name, const onnx::NodeProto& first) {
    auto trees = graph.node(0);
    trees.set_input(0, name);
    *graph.mutable_node(0) = first;
    *graph.add_node() = trees;
  }

  /// Appends a node whose first output becomes one of the graph's.
  static void put_behind(onnx::GraphProto& graph, const onnx::NodeProto& last) {
    *graph.add_node() = last;
    graph.add_output()->set_name(last.output(0));
  }
};

TEST_F(graph_test, leaves_out_what_passes_values_on) {
  expect_the_predictions_of_the_regressor(regressor());
  expect_the_predictions_of_the_regressor(changed(regressor(), [](auto& graph) {
    put_before_trees(graph, "same", node("Identity", "X", "same"));
    put_behind(graph, node("Identity", "variable", "again", "ai.onnx"));
  }));
  expect_the_predictions_of_the_regressor(changed(regressor(), [](auto& graph) {
    put_before_trees(graph, "floats", cast("X", "floats", TensorProto::FLOAT));
    put_behind(graph, cast("variable", "double", TensorProto::DOUBLE));
  }));
}

TEST_F(graph_test, refuses_a_cast_between_numbers_and_texts) {
  EXPECT_EQ(problem_of_regressor([](auto& graph) { put_behind(graph, cast("variable", "n", TensorProto::STRING)); }),
            "a Cast from float to type 8 is not supported");
  EXPECT_EQ(problem(changed(bytes_of("multiclass.onnx"),
                            [](auto& graph) { put_behind(graph, cast("label", "n", TensorProto::INT64)); })),
            "a Cast from string to type 7 is not supported");
  EXPECT_EQ(problem_of_regressor([](auto& graph) { put_behind(graph, node("Cast", "variable", "n")); }),
            "a Cast from float to type 0 is not supported");
}

TEST_F(graph_test, names_as_many_columns_as_there_are_labels) {
  EXPECT_EQ(problem_of_classifier([](auto& graph) { put_behind(graph, node("ZipMap", "label", "z", "ai.onnx.ml")); }),
            "operator 'ZipMap' needs class labels of one type");
}

TEST_F(graph_test, refuses_a_graph_in_which_data_does_not_flow) {
  EXPECT_EQ(problem_of_regressor([](auto& graph) { put_behind(graph, node("Identity", "late", "y")); }),
            "operator 'Identity' reads 'late', which nothing before it makes");
  EXPECT_EQ(problem_of_regressor([](auto& graph) { put_behind(graph, node("Identity", "X", "variable")); }),
            "'variable' is made twice");
  EXPECT_EQ(problem_of_regressor([](auto& graph) { graph.mutable_node(0)->add_input("X"); }),
            "operator 'TreeEnsembleRegressor' has 2 inputs, not 1");
  EXPECT_EQ(problem_of_regressor([](auto& graph) { graph.mutable_node(0)->add_output("more"); }),
            "operator 'TreeEnsembleRegressor' has 2 outputs");
}

TEST_F(graph_test, refuses_a_graph_without_outputs_that_depend_on_rows) {
  EXPECT_EQ(problem_of_regressor([](auto& graph) { graph.clear_output(); }), "the graph has no output");
  EXPECT_EQ(problem_of_regressor([](auto& graph) { graph.mutable_output(0)->set_name("y"); }),
            "nothing makes the output 'y'");
}

TEST_F(graph_test, refuses_an_input_that_is_no_rows_of_features) {
  EXPECT_EQ(problem_of_regressor([](auto& graph) {
              graph.mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape()->add_dim();
            }),
            "input 'X' has 3 axes");
}

TEST_F(graph_test, takes_the_number_of_features_from_the_trees_where_the_input_leaves_it_open) {
  const auto bytes = changed(regressor(), [](auto& graph) { graph.mutable_input(0)->clear_type(); });
  const auto read = read_onnx(bytes);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ((*read)->meaning().features.size(), 1u);
}

TEST_F(graph_test, knows_an_operator_in_its_own_domain_only) {
  EXPECT_EQ(problem_of_regressor([](auto& graph) { graph.mutable_node(0)->set_domain("com.example"); }),
            "operator 'TreeEnsembleRegressor' of domain 'com.example' is not supported");
}

TEST_F(graph_test, every_operator_says_once_what_it_is) {
  std::set<std::string_view> names;
  for (const auto* known : onnx_operators()) {
    EXPECT_TRUE(names.empty() || *names.rbegin() < known->name) << known->name << " is not in its place";
    names.insert(known->name);
    EXPECT_TRUE(known->domain == "ai.onnx" || known->domain == "ai.onnx.ml") << known->name;
    EXPECT_FALSE(known->help.empty() || known->help.ends_with('.')) << known->name;
  }
}

} // namespace
} // namespace weir::models
