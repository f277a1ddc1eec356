#include "tests/models/linear/learned_fixture.hpp"

#include "models/linear/gaussian_nb.hpp"
#include "models/linear/logistic_regression.hpp"

#include <cmath>
#include <limits>

namespace weir::models {
namespace {

training_data two_classes(std::vector<double> x, std::vector<double> truth) {
  training_data data{{std::move(x)}, std::move(truth)};
  data.labels = std::make_shared<const class_labels>(std::vector<std::string>{"no", "yes"});
  return data;
}

template <class Result>
std::string problem(const Result& made) {
  return made ? "" : made.error().what;
}

TEST(logistic_regression_test, is_even_where_the_classes_mirror_each_other) {
  const auto made = fit_logistic_regression(two_classes({-2, -1, 1, 2}, {0, 0, 1, 1}), {});
  ASSERT_TRUE(made) << made.error().text();
  ASSERT_EQ(made->size(), 1u);
  EXPECT_GT(made->front().coefficients[0], 0);
  EXPECT_NEAR(made->front().intercept, 0, 1e-12);
}

TEST(logistic_regression_test, knows_only_how_often_classes_are_where_features_say_nothing) {
  const auto made = fit_logistic_regression(two_classes({7, 7, 7, 7}, {0, 1, 1, 1}), {});
  EXPECT_EQ(made->front().coefficients[0], 0);
  EXPECT_NEAR(made->front().intercept, std::log(3.0), 1e-12);
}

TEST(logistic_regression_test, settles_where_nothing_but_the_penalty_holds_the_coefficients) {
  for (const auto C : {1.0, 1e4, 1e8}) {
    const auto made = fit_logistic_regression(two_classes({-3, -2, 2, 2.5}, {0, 0, 1, 1}), {.C = C});
    ASSERT_TRUE(made) << made.error().text();
    EXPECT_GT(made->front().coefficients[0], 0.5);
  }
}

TEST(logistic_regression_test, learns_the_same_far_from_0_and_in_another_unit) {
  const auto near = *fit_logistic_regression(two_classes({1, 2, 3, 4, 5}, {0, 1, 0, 1, 1}), {.C = 1});
  const auto far = *fit_logistic_regression(
      two_classes({1e9 + 1e3, 1e9 + 2e3, 1e9 + 3e3, 1e9 + 4e3, 1e9 + 5e3}, {0, 1, 0, 1, 1}), {.C = 1e-6});
  EXPECT_NEAR(far[0].coefficients[0] * 1e3, near[0].coefficients[0], 1e-9);
}

TEST(logistic_regression_test, learns_many_coefficients_as_exactly_as_few) {
  // what each of a thousand features more says is too little to change much
  auto data = test::read_excerpt({.features = {"0", "2"}, .target = "two"});
  const auto few = *fit_logistic_regression(data, {});
  for (std::size_t f = 0; f < 1000; ++f) {
    auto& values = data.features.emplace_back();
    for (std::size_t r = 0; r < data.rows(); ++r)
      values.push_back(1e-9 * std::sin(static_cast<double>(f * r)));
  }
  const auto many = *fit_logistic_regression(data, {});
  for (std::size_t f = 0; f < 2; ++f)
    EXPECT_NEAR(many[0].coefficients[f], few[0].coefficients[f], 1e-9);
}

TEST(classification_test, says_what_it_cannot_learn_from) {
  const auto problems = [](const training_data& data) {
    const auto one = problem(fit_logistic_regression(data, {}));
    EXPECT_EQ(one, problem(fit_gaussian_nb(data, {})));
    return one;
  };
  auto data = two_classes({1, 2, 3}, {0, 0, 0});
  EXPECT_EQ(problems(data), "class 'yes' has no rows to learn from");
  data.labels = std::make_shared<const class_labels>(std::vector<std::int64_t>{4});
  EXPECT_EQ(problems(data), "the target is of one class: there is nothing to tell apart");
  data.labels = nullptr;
  EXPECT_EQ(problems(data), "this kind of model learns classes, not numbers");
  data = two_classes({1, 2, 3}, {0, 1, 1});
  data.weights = {0, 1, 1};
  EXPECT_EQ(problems(data), "class 'no' has no rows to learn from");
  data.features[0][1] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(problems(data), "feature 0 of row 1 is missing");
}

TEST(classification_test, says_which_option_is_out_of_its_range) {
  const auto data = two_classes({1, 2, 3}, {0, 1, 1});
  EXPECT_EQ(problem(fit_logistic_regression(data, {.C = 0})), "C must be above 0");
  EXPECT_EQ(problem(fit_logistic_regression(data, {.class_weight = "even"})),
            "class_weight must be balanced, or weights of labels such as yes:3,no:1, not 'even'");
  EXPECT_EQ(problem(fit_logistic_regression(data, {.max_iter = 0})), "max_iter must be at least 1");
  EXPECT_EQ(problem(fit_logistic_regression(data, {.max_iter = 1})), "the coefficients have not settled after 1 steps");
  EXPECT_EQ(problem(fit_gaussian_nb(data, {.var_smoothing = -1})), "var_smoothing must not be negative");
}

TEST(gaussian_nb_test, describes_each_class) {
  const auto made = fit_gaussian_nb(two_classes({1, 3, 10, 14, 12}, {0, 0, 1, 1, 1}), {.var_smoothing = 0});
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_DOUBLE_EQ((*made)[0].prior, 0.4);
  EXPECT_DOUBLE_EQ((*made)[0].means[0], 2);
  EXPECT_DOUBLE_EQ((*made)[0].variances[0], 1);
  EXPECT_DOUBLE_EQ((*made)[1].means[0], 12);
  EXPECT_DOUBLE_EQ((*made)[1].variances[0], 8.0 / 3);
}

TEST(gaussian_nb_test, refuses_a_feature_that_does_not_vary_unless_it_is_smoothed) {
  EXPECT_EQ(problem(fit_gaussian_nb(two_classes({5, 5, 5}, {0, 1, 1}), {})), "feature 0 does not vary within a class");
  const auto apart = two_classes({4, 5, 5}, {0, 1, 1});
  EXPECT_EQ(problem(fit_gaussian_nb(apart, {.var_smoothing = 0})), "feature 0 does not vary within a class");
  EXPECT_EQ(problem(fit_gaussian_nb(apart, {})), "");
}

} // namespace
} // namespace weir::models
