#include "models/onnx/file_facts.hpp"

#include "tests/models/model_fixture.hpp"

#include <functional>

#include <onnx/onnx_pb.h>

namespace weir::models {
namespace {

class file_facts_test : public model_fixture {
protected:
  static std::string changed(const std::function<void(onnx::ModelProto&)>& how) {
    onnx::ModelProto file;
    EXPECT_TRUE(file.ParseFromString(bytes_of("boosted_binary.onnx")));
    how(file);
    return file.SerializeAsString();
  }

  static void name_other_file(onnx::TensorProto& tensor) {
    tensor.set_data_location(onnx::TensorProto::EXTERNAL);
    auto& entry = *tensor.add_external_data();
    entry.set_key("location");
    entry.set_value("/etc/passwd");
  }
};

TEST_F(file_facts_test, finds_the_classes_of_nodes_and_of_constants_that_a_node_chooses_from) {
  const auto facts = read_facts(changed([](onnx::ModelProto& file) {
    auto& graph = *file.mutable_graph();
    graph.clear_node();
    auto& constant = *graph.add_initializer();
    constant.set_name("classes");
    constant.set_data_type(onnx::TensorProto::INT64);
    constant.add_dims(3);
    for (const auto value : {7, 8, 9})
      constant.add_int64_data(value);
    auto& choice = *graph.add_node();
    choice.set_op_type("ArrayFeatureExtractor");
    choice.add_input("classes");
    auto& classifier = *graph.add_node();
    classifier.set_op_type("SVMClassifier");
    auto& labels = *classifier.add_attribute();
    labels.set_name("classlabels_strings");
    labels.add_strings("no");
    labels.add_strings("yes");
  }));
  ASSERT_TRUE(facts) << facts.error().text();
  EXPECT_EQ(facts->classes,
            (std::vector<class_labels>{std::vector<std::int64_t>{7, 8, 9}, std::vector<std::string>{"no", "yes"}}));
}

TEST_F(file_facts_test, takes_no_values_for_classes_that_are_there_twice) {
  const auto facts = read_facts(changed([](onnx::ModelProto& file) {
    auto& graph = *file.mutable_graph();
    graph.clear_node();
    auto& labels = *graph.add_node()->add_attribute();
    labels.set_name("classlabels_int64s");
    labels.add_ints(1);
    labels.add_ints(1);
  }));
  ASSERT_TRUE(facts) << facts.error().text();
  EXPECT_TRUE(facts->classes.empty());
}

TEST_F(file_facts_test, refuses_values_in_other_files_wherever_they_are_named) {
  const std::vector<std::function<void(onnx::ModelProto&)>> ways{
      [](auto& file) { name_other_file(*file.mutable_graph()->add_initializer()); },
      [](auto& file) { name_other_file(*file.mutable_graph()->add_node()->add_attribute()->mutable_t()); },
      [](auto& file) { name_other_file(*file.mutable_graph()->add_node()->add_attribute()->add_tensors()); },
      [](auto& file) { name_other_file(*file.mutable_graph()->add_sparse_initializer()->mutable_values()); },
      [](auto& file) { name_other_file(*file.add_functions()->add_node()->add_attribute()->mutable_t()); },
      [](auto& file) {
        auto& inner = *file.mutable_graph()->add_node()->add_attribute()->add_graphs();
        name_other_file(*inner.add_node()->add_attribute()->mutable_g()->add_initializer());
      }};
  for (std::size_t i = 0; i < ways.size(); ++i) {
    const auto facts = read_facts(changed(ways[i]));
    ASSERT_FALSE(facts) << i;
    EXPECT_EQ(facts.error().what, "the file keeps values in other files") << i;
  }
}

} // namespace
} // namespace weir::models
