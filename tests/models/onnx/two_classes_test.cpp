#include "models/kinds/model_kind.hpp"
#include "models/onnx/reader.hpp"
#include "tests/models/scoring.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>

namespace weir::models {
namespace {

constexpr std::array tree_kinds{&kinds::gradient_boosting, &kinds::random_forest, &kinds::extra_trees};

/// 300 rows, of which about a tenth is of the second class.
training_data rare_class(bool says_something = true) {
  std::mt19937_64 dice{8};
  training_data data;
  data.features.resize(2);
  data.feature_names = {"a", "b"};
  data.labels = std::make_shared<const class_labels>(std::vector<std::int64_t>{0, 1});
  for (int i = 0; i < 300; ++i) {
    const auto a = static_cast<double>(dice() % 100), b = static_cast<double>(dice() % 100);
    data.features[0].push_back(says_something ? a : 1);
    data.features[1].push_back(says_something ? b : 1);
    data.target.push_back(a + b > 155 ? 1 : 0);
  }
  return data;
}

std::vector<std::vector<std::string>> rows_of(const training_data& data) {
  std::vector<std::vector<std::string>> rows(data.rows());
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (const auto& feature : data.features)
      rows[i].push_back(std::to_string(feature[i]));
  return rows;
}

/// The trees of a trained model's file.
onnx::NodeProto trees_of(const std::string& bytes) {
  onnx::ModelProto file;
  EXPECT_TRUE(file.ParseFromString(bytes));
  for (const auto& node : file.graph().node())
    if (node.op_type() == "TreeEnsembleClassifier")
      return node;
  ADD_FAILURE() << "no trees";
  return {};
}

const onnx::AttributeProto* find(const onnx::NodeProto& in, const std::string& name) {
  const auto at = std::ranges::find(in.attribute(), name, &onnx::AttributeProto::name);
  return at == in.attribute().end() ? nullptr : &*at;
}

/// The same file, but its values have the number of the second class.
std::string of_second_class(const std::string& bytes) {
  onnx::ModelProto file;
  EXPECT_TRUE(file.ParseFromString(bytes));
  for (auto& node : *file.mutable_graph()->mutable_node())
    for (auto& one : *node.mutable_attribute())
      if (one.name() == "class_ids")
        std::ranges::fill(*one.mutable_ints(), 1);
  return file.SerializeAsString();
}

std::string learn(const model_kind& kind, const training_data& data) {
  const auto made = kind.train(data, 1, {});
  EXPECT_TRUE(made) << kind.name << ": " << made.error().text();
  return made->file;
}

std::vector<std::vector<double>> probabilities(const std::string& file, const training_data& data) {
  const auto model = read_onnx(file);
  EXPECT_TRUE(model) << model.error().text();
  const auto first = (*model)->first_column(*(*model)->meaning().probabilities);
  const auto scored = test::score(**model, rows_of(data));
  return {scored.numbers[first], scored.numbers[first + 1]};
}

/// ONNX Runtime gives one value to the second class, adds the base value and takes it from the other class only where
/// its number is 0; and makes log-odds probabilities only where a value is below 0.
TEST(two_classes_test, stand_in_a_file_as_onnx_runtime_understands_them) {
  for (const auto* kind : tree_kinds)
    for (const auto says_something : {true, false}) {
      const auto trees = trees_of(learn(*kind, rare_class(says_something)));
      const auto has_log_odds = kind == &kinds::gradient_boosting;
      const auto *ids = find(trees, "class_ids"), *weights = find(trees, "class_weights"),
                 *bases = find(trees, "base_values");
      ASSERT_TRUE(ids != nullptr && weights != nullptr) << kind->name;
      EXPECT_EQ(std::ranges::count(ids->ints(), 0), ids->ints_size()) << kind->name;
      EXPECT_EQ(bases == nullptr ? 0 : bases->floats_size(), has_log_odds ? 1 : 0) << kind->name;
      EXPECT_EQ(std::ranges::min(weights->floats()) < 0, has_log_odds) << kind->name;
      EXPECT_EQ(find(trees, "post_transform")->s(), has_log_odds ? "LOGISTIC" : "NONE");
    }
}

TEST(two_classes_test, are_said_of_the_second_one_whichever_number_its_values_have) {
  for (const auto* kind : tree_kinds) {
    const auto data = rare_class();
    const auto file = learn(*kind, data);
    const auto made = probabilities(file, data);
    EXPECT_EQ(probabilities(of_second_class(file), data), made) << kind->name;
    for (std::size_t i = 0; i < data.rows(); ++i)
      EXPECT_NEAR(made[0][i] + made[1][i], 1, 1e-6) << kind->name;
  }
}

TEST(two_classes_test, have_the_shares_of_their_rows_where_no_feature_says_anything) {
  const auto data = rare_class(false);
  const auto share = static_cast<double>(std::ranges::count(data.target, 1.0)) / static_cast<double>(data.rows());
  ASSERT_GT(share, 0.05);
  ASSERT_LT(share, 0.2);
  const auto made = probabilities(learn(kinds::gradient_boosting, data), data);
  EXPECT_NEAR(made[0].front(), 1 - share, 1e-6);
  EXPECT_NEAR(made[1].front(), share, 1e-6);
}

TEST(two_classes_test, are_explained_with_the_base_value) {
  const auto log_odds = [](double p) { return std::log(p / (1 - p)); };
  for (const auto says_something : {true, false}) {
    const auto data = rare_class(says_something);
    const auto file = learn(kinds::gradient_boosting, data);
    const auto second = probabilities(file, data)[1];
    for (const auto& bytes : {file, of_second_class(file)}) {
      const auto model = read_onnx(bytes, {}, true);
      ASSERT_TRUE(model) << model.error().text();
      const auto& meaning = (*model)->meaning();
      const auto scored = test::score(**model, rows_of(data));
      const auto first = (*model)->first_column(*meaning.explanations);
      ASSERT_EQ(meaning.expected.size(), 1u);
      for (std::size_t i = 0; i < data.rows(); ++i) {
        const auto sum = meaning.expected[0] + scored.numbers[first][i] + scored.numbers[first + 1][i];
        EXPECT_NEAR(sum, log_odds(second[i]), 1e-4 * std::max(1.0, std::abs(sum)));
        if (!says_something) {
          EXPECT_NEAR(meaning.expected[0], log_odds(second[i]), 1e-6);
        }
      }
    }
  }
}

} // namespace
} // namespace weir::models
