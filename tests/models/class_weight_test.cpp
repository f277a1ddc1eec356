#include "models/class_weight.hpp"

#include "models/kinds/model_kind.hpp"
#include "models/onnx/reader.hpp"
#include "tests/models/scoring.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace weir::models {
namespace {

class class_weight_test : public testing::Test {
protected:
  /// Targets that are one of three labels.
  static training_data labelled(std::vector<double> target) {
    training_data data{{std::vector<double>(target.size())}, std::move(target)};
    data.labels = std::make_shared<const class_labels>(std::vector<std::string>{"a:b", "no", "yes"});
    return data;
  }

  static std::string problem(std::string_view text, const training_data& data = labelled({0, 1, 2})) {
    const auto made = weights_by_class(data, text);
    return made ? "" : made.error().text();
  }
};

TEST_F(class_weight_test, balanced_classes_weigh_the_same_and_all_rows_what_they_did) {
  auto data = labelled({1, 1, 1, 2});
  EXPECT_EQ(*weights_of_classes(data, "balanced"), (std::vector<double>{1, 2.0 / 3, 2}));
  EXPECT_EQ(*weights_by_class(data, "balanced"), (std::vector<double>{2.0 / 3, 2.0 / 3, 2.0 / 3, 2}));
  data.weights = {1, 0, 0, 3};
  EXPECT_EQ(*weights_by_class(data, "balanced"), (std::vector<double>{2, 0, 0, 2}));
}

TEST_F(class_weight_test, labels_have_weights_of_their_own) {
  auto data = labelled({0, 1, 2});
  EXPECT_EQ(*weights_of_classes(data, "yes:3, a:b : 0.5"), (std::vector<double>{0.5, 1, 3}));
  data.weights = {2, 2, 2};
  EXPECT_EQ(*weights_by_class(data, "yes:3"), (std::vector<double>{2, 2, 6}));
  EXPECT_EQ(*weights_by_class(data, ""), data.weights);
}

TEST_F(class_weight_test, whole_numbers_are_labels_too) {
  auto data = labelled({0, 1});
  data.labels = std::make_shared<const class_labels>(std::vector<std::int64_t>{-1, 7});
  EXPECT_EQ(*weights_of_classes(data, "7:2"), (std::vector<double>{1, 2}));
}

TEST_F(class_weight_test, says_what_is_no_weight) {
  EXPECT_EQ(problem("even"), "class_weight must be balanced, or weights of labels such as yes:3,no:1, not 'even'");
  EXPECT_EQ(problem("yes:much"),
            "class_weight must be balanced, or weights of labels such as yes:3,no:1, not 'yes:much'");
  EXPECT_EQ(problem("maybe:1"), "class_weight names 'maybe', which is no label of the target");
  EXPECT_EQ(problem("no:0"), "class_weight of 'no' must be above 0");
  EXPECT_EQ(problem("no:inf"), "class_weight of 'no' must be above 0");
  EXPECT_EQ(problem("balanced", {{{1}}, {1}}),
            "class_weight is of classes, and the target here are numbers (leave it out, or learn classes: --classify)");
}

/// Some rows, the first half of them with a weight of 2.
training_data weighted_rows(bool has_classes) {
  training_data data{std::vector<std::vector<double>>(2), {}, {"x", "y"}};
  for (int i = 0; i < 120; ++i) {
    data.features[0].push_back(i % 17);
    data.features[1].push_back(i * 29 % 31);
    data.target.push_back(has_classes ? (i % 17 > 8) != (i % 5 == 0) : i % 17 - 0.25 * (i * 29 % 31) + (i % 3));
    data.weights.push_back(i < 60 ? 2 : 1);
  }
  if (has_classes)
    data.labels = std::make_shared<const class_labels>(std::vector<std::string>{"few", "many"});
  return data;
}

/// The same, where each row of weight 2 is there twice.
training_data repeated(const training_data& from) {
  training_data data{std::vector<std::vector<double>>(from.features.size()), {}, from.feature_names};
  data.labels = from.labels;
  for (std::size_t r = 0; r < from.rows(); ++r)
    for (auto left = from.weights[r]; left > 0; --left) {
      for (std::size_t f = 0; f < from.features.size(); ++f)
        data.features[f].push_back(from.features[f][r]);
      data.target.push_back(from.target[r]);
    }
  return data;
}

struct repetition {
  const model_kind* kind;
  option_texts options;
  bool has_classes;
};

class sample_weight_test : public testing::TestWithParam<repetition> {
protected:
  static std::vector<std::vector<double>> said(const training_data& data) {
    const auto made = GetParam().kind->train(data, 3, GetParam().options);
    EXPECT_TRUE(made) << made.error().text();
    if (!made)
      return {};
    const auto model = *read_onnx(made->file);
    return test::score(*model, {{"1", "3"}, {"8", "30"}, {"9", "12"}, {"16", "0"}, {"12", "5"}}).numbers;
  }
};

TEST_P(sample_weight_test, a_weight_of_2_is_the_row_twice) {
  const auto weighted = weighted_rows(GetParam().has_classes);
  const auto once = said(weighted);
  const auto twice = said(repeated(weighted));
  ASSERT_EQ(once.size(), twice.size());
  bool has_number = false;
  for (std::size_t output = 0; output < once.size(); ++output)
    for (std::size_t r = 0; r < once[output].size(); ++r) {
      EXPECT_NEAR(once[output][r], twice[output][r], 1e-6);
      has_number = true;
    }
  EXPECT_TRUE(has_number);
  auto unweighted = weighted;
  unweighted.weights.clear();
  EXPECT_NE(once, said(unweighted));
}

const std::vector<repetition> repetitions{
    {&kinds::linear_regression, {}, false},
    {&kinds::ridge, {}, false},
    {&kinds::lasso, {{"alpha", "0.01"}}, false},
    {&kinds::elastic_net, {{"alpha", "0.01"}}, false},
    {&kinds::kernel_ridge, {}, false},
    {&kinds::logistic_regression, {}, true},
    {&kinds::gaussian_nb, {}, true},
    {&kinds::random_forest, {{"bootstrap", "false"}, {"n_estimators", "5"}}, false},
    {&kinds::random_forest, {{"bootstrap", "false"}, {"n_estimators", "5"}, {"max_depth", "3"}}, true},
    {&kinds::gradient_boosting, {{"min_samples_leaf", "1"}, {"max_iter", "10"}, {"max_depth", "3"}}, false},
    {&kinds::gradient_boosting, {{"min_samples_leaf", "1"}, {"max_iter", "10"}, {"max_depth", "3"}}, true},
};

INSTANTIATE_TEST_SUITE_P(kinds, sample_weight_test, testing::ValuesIn(repetitions), [](const auto& of) {
  return std::string{of.param.kind->name} + (of.param.has_classes ? "_of_classes" : "_of_numbers");
});

TEST(sample_weight_kinds_test, a_kind_takes_weights_or_says_that_it_does_not) {
  for (const auto* kind : model_kinds()) {
    if (kind->train == nullptr)
      continue;
    const auto made = kind->train(weighted_rows(kind->learns == learning::classes), 1, {});
    EXPECT_EQ(made.has_value(), kind->takes_weights) << kind->name;
    if (!made) {
      EXPECT_NE(made.error().what.find("takes no weights of rows"), std::string::npos) << made.error().what;
    }
  }
}

} // namespace
} // namespace weir::models
