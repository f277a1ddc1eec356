#include "models/kinds/model_kind.hpp"

#include "models/onnx/operator.hpp"
#include "models/onnx/reader.hpp"
#include "tests/models/scoring.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace weir::models {
namespace {

class model_kinds_test : public testing::Test {
protected:
  /// y = 2x, a row for each of 0, 1, ...
  static training_data line() {
    training_data data{{std::vector<double>(200)}, std::vector<double>(200), {"x"}};
    std::iota(data.features[0].begin(), data.features[0].end(), 0.0);
    for (const auto x : data.features[0])
      data.target.at(static_cast<std::size_t>(x)) = 2 * x;
    return data;
  }

  /// That line; for who learns classes, whether x is above 100.
  static training_data data_for(const model_kind& kind) {
    auto data = line();
    if (kind.learns != learning::classes)
      return data;
    for (auto& y : data.target)
      y = y > 200 ? 1 : 0;
    data.labels = std::make_shared<const class_labels>(std::vector<std::string>{"few", "many"});
    return data;
  }

  static std::string problem(const option_texts& given) {
    const auto trained = kinds::random_forest.train(line(), 1, given);
    return trained ? "" : trained.error().text();
  }
};

TEST_F(model_kinds_test, every_kind_says_once_what_it_is_and_by_which_operators_its_files_are_known) {
  std::set<std::string_view> names;
  const auto& known = onnx_operators();
  for (const auto* kind : model_kinds()) {
    EXPECT_TRUE(names.insert(kind->name).second) << kind->name;
    EXPECT_FALSE(kind->help.empty() || kind->help.ends_with('.')) << kind->name;
    EXPECT_FALSE(kind->example.empty()) << kind->name;
    EXPECT_FALSE(kind->operators.empty()) << kind->name;
    for (const auto one : kind->operators)
      EXPECT_TRUE(std::ranges::any_of(known, [&](const auto* other) { return other->name == one; })) << one;
    EXPECT_TRUE(kind->train != nullptr || kind->options.empty()) << kind->name;
  }
}

TEST_F(model_kinds_test, every_trainer_makes_a_file_that_is_read_and_scores) {
  for (const auto* kind : model_kinds()) {
    if (kind->train == nullptr)
      continue;
    SCOPED_TRACE(kind->name);
    const auto trained = kind->train(data_for(*kind), 1, {});
    ASSERT_TRUE(trained) << trained.error().text();
    EXPECT_FALSE(trained->parts.empty());
    const auto read = read_onnx(trained->file);
    ASSERT_TRUE(read) << read.error().text();
    const auto& meaning = (*read)->meaning();
    ASSERT_EQ(meaning.features.size(), 1u);
    EXPECT_EQ(meaning.features[0].name, "x");
    const auto said = test::score(**read, {{"70"}, {"1000"}});
    if (kind->learns == learning::classes)
      EXPECT_EQ(said.texts[0][0], "few");
    else if (kind->learns == learning::unsupervised)
      EXPECT_GT(said.numbers.back()[1], said.numbers.back()[0]); // farther away, more unusual
    else
      EXPECT_NEAR(said.numbers[0][0], 140, 10);
  }
}

TEST_F(model_kinds_test, every_trainer_writes_its_encoders_into_the_file) {
  auto data = line();
  data.feature_names = {"x", "label", "x"};
  data.features.resize(3, data.features[0]);
  for (auto& code : data.features[1])
    code = static_cast<double>(static_cast<int>(code) % 3);
  data.encoders = {{"label", {"a", "b", "c"}}};
  for (const auto* kind : model_kinds()) {
    if (kind->train == nullptr || kind->learns == learning::classes)
      continue;
    SCOPED_TRACE(kind->name);
    const auto trained = kind->train(data, 1, {});
    ASSERT_TRUE(trained) << trained.error().text();
    const auto read = read_onnx(trained->file);
    ASSERT_TRUE(read) << read.error().text();
    const auto& meaning = (*read)->meaning();
    ASSERT_EQ(meaning.features.size(), 3u) << kind->name;
    EXPECT_EQ(meaning.features[1].name, "label");
    EXPECT_EQ(meaning.features[1].type, element::text);
    ASSERT_EQ(meaning.refusals,
              std::vector<std::string>{"'input_1label' has a category that the model has not learned"});
    const auto scored = test::score(**read, {{"70", "b", "70"}, {"70", "d", "70"}});
    EXPECT_EQ(scored.numbers.back(), (std::vector<double>{0, 1}));
  }
}

TEST_F(model_kinds_test, every_trainer_makes_the_same_file_of_the_same_seed) {
  for (const auto* kind : model_kinds())
    if (kind->train != nullptr) {
      const auto data = data_for(*kind);
      EXPECT_EQ(kind->train(data, 7, {})->file, kind->train(data, 7, {})->file) << kind->name;
    }
}

TEST_F(model_kinds_test, a_trainer_keeps_to_its_options) {
  const auto trained = kinds::random_forest.train(line(), 1, {{"n_estimators", "3"}, {"max_depth", "1"}});
  ASSERT_TRUE(trained) << trained.error().text();
  ASSERT_EQ(trained->parts.size(), 2u);
  EXPECT_EQ(trained->parts[0].count, 3u);
  EXPECT_EQ(trained->parts[0].of, "trees");
  EXPECT_EQ(trained->parts[1].count, 9u);
  EXPECT_EQ(trained->parts[1].of, "nodes");
}

TEST_F(model_kinds_test, the_default_of_an_option_changes_nothing) {
  for (const auto* kind : model_kinds()) {
    option_texts usual;
    for (const auto& option : kind->options)
      usual.emplace(option.name, option.usual());
    if (kind->train != nullptr) {
      const auto data = data_for(*kind);
      EXPECT_EQ(kind->train(data, 1, usual)->file, kind->train(data, 1, {})->file) << kind->name;
    }
  }
}

TEST_F(model_kinds_test, a_trainer_refuses_an_option_that_it_does_not_know_or_cannot_read) {
  EXPECT_EQ(problem({{"n_estimator", "3"}}),
            "the kind of model has no option 'n_estimator' (did you mean 'n_estimators'?)");
  EXPECT_EQ(problem({{"n_estimators", "3.5"}}), "n_estimators must be a whole number, not '3.5'");
  EXPECT_EQ(problem({{"bootstrap", "yes"}}), "bootstrap must be a true or false, not 'yes'");
  EXPECT_EQ(problem({{"max_features", "2"}}), "max_features must be above 0 and at most 1, 'sqrt' or 'log2'");
}

TEST_F(model_kinds_test, a_trainer_refuses_a_target_that_it_cannot_learn) {
  auto classes = line();
  classes.labels = std::make_shared<const class_labels>(std::vector<std::int64_t>(399));
  for (const auto* kind : model_kinds()) {
    const auto wants_values = kind->learns == learning::values;
    if (kind->train == nullptr || !(wants_values || kind->learns == learning::classes))
      continue;
    const auto trained = kind->train(wants_values ? classes : line(), 1, {});
    ASSERT_FALSE(trained) << kind->name;
    EXPECT_EQ(trained.error().what, wants_values ? "this kind of model learns numbers, not classes"
                                                 : "this kind of model learns classes, not numbers");
  }
}

TEST_F(model_kinds_test, names_the_kind_that_was_meant) {
  EXPECT_EQ(*find_trained_kind("random_forest"), &kinds::random_forest);
  EXPECT_EQ(find_trained_kind("random_forrest").error().text(),
            "there is no trainer of 'random_forrest' (did you mean 'random_forest'?)");
  EXPECT_EQ(find_trained_kind("tree_ensemble").error().text(),
            "there is no trainer of 'tree_ensemble' (weir trains random_forest, extra_trees, gradient_boosting, "
            "linear_regression, ridge, lasso, elastic_net, kernel_ridge, svr, linear_svc, svc, logistic_regression, "
            "gaussian_nb, k_means, isolation_forest, one_class_svm)");
}

} // namespace
} // namespace weir::models
