#include "tests/models/model_fixture.hpp"

#include "models/onnx/operator.hpp"
#include "models/onnx/writer.hpp"

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
    tree_model made;
    made.ensemble.features = 2;
    made.ensemble.trees = {{{1, 0, 1, 2, 0, false}, {0, 0, 0, 0, 0, false}, {0, 0, 0, 0, 1, false}}};
    made.ensemble.leaf_values = {10, 20};
    return write_onnx(made);
  }

  static void expect_the_predictions_of_the_regressor(const std::string& bytes) {
    const auto read = read_onnx(bytes);
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ((*read)->features(), 2u);
    const auto made = (*read)->make_model("");
    ASSERT_TRUE(made) << made.error().text();
    const std::vector<float> columns{0, 5, 9, 9};
    std::vector<double> values(2);
    (*made)->predict(columns.data(), 2, 2, values.data());
    EXPECT_EQ(values, (std::vector<double>{10, 20}));
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

TEST_F(graph_test, refuses_a_cast_that_changes_values) {
  EXPECT_EQ(problem_of_regressor(
                [](auto& graph) { put_before_trees(graph, "doubles", cast("X", "doubles", TensorProto::DOUBLE)); }),
            "a Cast to type 11 changes values");
  EXPECT_EQ(problem_of_regressor([](auto& graph) { put_behind(graph, cast("variable", "n", TensorProto::INT64)); }),
            "a Cast to type 7 changes values");
  EXPECT_EQ(problem_of_regressor([](auto& graph) { put_behind(graph, node("Cast", "variable", "n")); }),
            "a Cast to type 0 changes values");
}

TEST_F(graph_test, casts_labels_that_are_numbers_to_whole_numbers_and_probabilities_not) {
  EXPECT_EQ(problem_of_classifier([](auto& graph) { put_behind(graph, cast("label", "n", TensorProto::INT64)); }), "");
  EXPECT_EQ(
      problem_of_classifier([](auto& graph) { put_behind(graph, cast("proba_output", "n", TensorProto::INT64)); }),
      "a Cast to type 7 changes values");
  EXPECT_EQ(problem(changed(bytes_of("multiclass.onnx"),
                            [](auto& graph) { put_behind(graph, cast("label", "n", TensorProto::INT64)); })),
            "a Cast to type 7 changes values");
}

TEST_F(graph_test, names_probabilities_and_nothing_else) {
  constexpr const char* problem = "ZipMap reads something else than the probabilities of a classifier";
  EXPECT_EQ(problem_of_classifier([](auto& graph) { put_behind(graph, node("ZipMap", "label", "z", "ai.onnx.ml")); }),
            problem);
  EXPECT_EQ(problem_of_regressor([](auto& graph) { put_behind(graph, node("ZipMap", "X", "z", "ai.onnx.ml")); }),
            problem);
}

TEST_F(graph_test, refuses_a_graph_in_which_data_does_not_flow) {
  EXPECT_EQ(problem_of_regressor([](auto& graph) { put_behind(graph, node("Identity", "late", "y")); }),
            "operator 'Identity' reads 'late', which nothing before it makes");
  EXPECT_EQ(problem_of_regressor([](auto& graph) { put_behind(graph, node("Identity", "X", "variable")); }),
            "'variable' is made twice");
  EXPECT_EQ(problem_of_regressor([](auto& graph) { graph.mutable_node(0)->add_input("X"); }),
            "operator 'TreeEnsembleRegressor' has 2 inputs, not one");
  EXPECT_EQ(problem_of_regressor([](auto& graph) { graph.mutable_node(0)->add_output("more"); }),
            "operator 'TreeEnsembleRegressor' has 2 outputs");
  EXPECT_EQ(problem_of_regressor([](auto& graph) {
              auto again = graph.node(0);
              again.set_input(0, "variable");
              again.set_output(0, "y");
              put_behind(graph, again);
            }),
            "operator 'TreeEnsembleRegressor' does not read features");
}

TEST_F(graph_test, refuses_a_graph_whose_outputs_are_not_those_of_one_model) {
  EXPECT_EQ(problem_of_regressor([](auto& graph) { graph.clear_output(); }), "the graph has no output");
  EXPECT_EQ(problem_of_regressor([](auto& graph) { graph.mutable_output(0)->set_name("y"); }),
            "nothing makes the output 'y'");
  EXPECT_EQ(problem_of_regressor([](auto& graph) { graph.add_output()->set_name("X"); }),
            "the output 'X' is no prediction");
  EXPECT_EQ(problem_of_regressor([](auto& graph) {
              auto other = graph.node(0);
              other.set_output(0, "y");
              put_behind(graph, other);
            }),
            "the outputs come from several models");
}

TEST_F(graph_test, refuses_an_input_that_is_not_all_features_in_one_tensor) {
  EXPECT_EQ(problem_of_regressor([](auto& graph) { graph.add_input()->set_name("Y"); }), "the model has 2 inputs");
  EXPECT_EQ(problem_of_regressor([](auto& graph) {
              graph.mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape()->add_dim();
            }),
            "input 'X' is no matrix");
}

TEST_F(graph_test, takes_the_number_of_features_from_the_trees_where_the_input_leaves_it_open) {
  const auto bytes = changed(regressor(), [](auto& graph) { graph.mutable_input(0)->clear_type(); });
  EXPECT_EQ(trees_of(bytes).features(), 1u);
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
