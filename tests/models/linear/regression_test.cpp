#include "tests/models/linear/learned_fixture.hpp"

#include "models/linear/elastic_net.hpp"
#include "models/linear/least_squares.hpp"

#include <array>
#include <cmath>
#include <limits>

namespace weir::models {
namespace {

/// y = 2 a - b + 3
training_data plane() {
  training_data data{{{0, 1, 2, 3, 4}, {1, 0, 5, 2, 2}}, {}};
  for (std::size_t r = 0; r < 5; ++r)
    data.target.push_back(2 * data.features[0][r] - data.features[1][r] + 3);
  return data;
}

template <class Result>
std::string problem(const Result& made) {
  return made ? "" : made.error().what;
}

TEST(least_squares_test, finds_the_plane_that_the_rows_are_on) {
  const auto made = fit_linear_regression(plane(), {});
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_NEAR(made->coefficients[0], 2, 1e-12);
  EXPECT_NEAR(made->coefficients[1], -1, 1e-12);
  EXPECT_NEAR(made->intercept, 3, 1e-12);
}

TEST(least_squares_test, shares_the_coefficient_out_among_features_that_are_the_same) {
  auto data = plane();
  data.features.push_back(data.features[0]);
  const auto made = fit_linear_regression(data, {});
  EXPECT_NEAR(made->coefficients[0], 1, 1e-12);
  EXPECT_NEAR(made->coefficients[2], 1, 1e-12);
}

TEST(least_squares_test, gives_a_constant_feature_no_coefficient) {
  auto data = plane();
  data.features.emplace_back(5, 0.1);
  for (const auto& made : {fit_linear_regression(data, {}), fit_ridge(data, {}), fit_lasso(data, {.alpha = 0.01}),
                           fit_elastic_net(data, {})})
    EXPECT_EQ(made->coefficients[2], 0);
  data.features = {data.features[2]};
  const auto alone = fit_linear_regression(data, {});
  EXPECT_EQ(alone->coefficients[0], 0);
  EXPECT_NEAR(alone->intercept, 5, 1e-12);
}

TEST(least_squares_test, says_the_target_of_a_single_row) {
  const training_data data{{{2}, {3}}, {7}};
  for (const auto& made : {fit_linear_regression(data, {}), fit_ridge(data, {}), fit_lasso(data, {})}) {
    EXPECT_EQ(made->coefficients, (std::vector<double>{0, 0}));
    EXPECT_EQ(made->intercept, 7);
  }
}

TEST(least_squares_test, weighs_a_row_as_that_many_rows) {
  auto data = test::read_excerpt({.features = {"0", "1", "2"}, .is_weighted = true});
  training_data repeated{std::vector<std::vector<double>>(3), {}};
  for (std::size_t r = 0; r < data.rows(); ++r)
    for (auto left = data.weights[r]; left > 0; --left) {
      for (std::size_t f = 0; f < 3; ++f)
        repeated.features[f].push_back(data.features[f][r]);
      repeated.target.push_back(data.target[r]);
    }
  const auto made = std::array{fit_linear_regression(data, {}), fit_ridge(data, {}), fit_elastic_net(data, {})};
  const auto expected =
      std::array{fit_linear_regression(repeated, {}), fit_ridge(repeated, {}), fit_elastic_net(repeated, {})};
  for (std::size_t i = 0; i < made.size(); ++i)
    for (std::size_t f = 0; f < 3; ++f)
      EXPECT_NEAR(made[i]->coefficients[f], expected[i]->coefficients[f], 1e-12);
}

TEST(least_squares_test, a_row_without_weight_says_nothing) {
  auto data = plane();
  data.weights = {0, 1, 1, 1, 1};
  data.target[0] = 1e12;
  EXPECT_NEAR(fit_linear_regression(data, {})->coefficients[0], 2, 1e-12);
}

TEST(least_squares_test, keeps_features_of_very_different_sizes) {
  auto data = plane();
  for (auto& x : data.features[0])
    x *= 1e-6;
  for (auto& x : data.features[1])
    x = x * 1e6 + 1e9;
  const auto made = fit_linear_regression(data, {});
  EXPECT_NEAR(made->coefficients[0], 2e6, 1e-3);
  EXPECT_NEAR(made->coefficients[1], -1e-6, 1e-14);
}

TEST(elastic_net_test, leaves_out_what_helps_less_than_the_penalty) {
  const auto data = plane();
  // at alpha = |mean of x * (y - mean)| of the strongest feature all become 0
  const auto none = fit_lasso(data, {.alpha = 100});
  EXPECT_EQ(none->coefficients, (std::vector<double>{0, 0}));
  EXPECT_DOUBLE_EQ(none->intercept, 5);
  const auto one = fit_lasso(data, {.alpha = 3});
  EXPECT_GT(one->coefficients[0], 0);
  EXPECT_EQ(one->coefficients[1], 0);
}

TEST(elastic_net_test, is_ridge_where_only_squares_are_penalised) {
  const auto data = test::read_excerpt({.features = {"0", "1", "2"}});
  const auto made = fit_elastic_net(data, {.alpha = 0.5, .l1_ratio = 0});
  const auto expected = fit_ridge(data, {.alpha = 0.5 * 60});
  for (std::size_t f = 0; f < 3; ++f)
    EXPECT_NEAR(made->coefficients[f], expected->coefficients[f], 1e-12);
}

/// Coordinate descent alone would take many thousand passes here.
TEST(elastic_net_test, settles_where_features_almost_say_the_same) {
  auto data = test::read_excerpt({.features = {"0", "0", "0"}});
  for (std::size_t r = 0; r < data.rows(); ++r) {
    data.features[1][r] += 1e-3 * std::sin(static_cast<double>(r));
    data.features[2][r] += 1e-3 * std::cos(static_cast<double>(r));
  }
  const auto penalised = fit_lasso(data, {.alpha = 1e-6, .max_iter = 50});
  ASSERT_TRUE(penalised) << penalised.error().text();
  const auto free = fit_linear_regression(data, {});
  for (std::size_t f = 0; f < 3; ++f)
    EXPECT_NEAR(penalised->coefficients[f] / free->coefficients[f], 1, 0.2);
}

TEST(elastic_net_test, says_when_it_was_given_too_few_passes) {
  const auto data = test::read_excerpt({.features = {"0", "1", "4"}});
  EXPECT_EQ(problem(fit_lasso(data, {.alpha = 1e-3, .max_iter = 1})),
            "the coefficients have not settled after 1 passes");
}

TEST(regression_test, says_what_it_cannot_learn_from) {
  auto data = plane();
  data.features[1][2] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(problem(fit_ridge(data, {})), "feature 1 of row 2 is missing");
  EXPECT_EQ(problem(fit_linear_regression({}, {})), "there are no rows to learn from");
  data = plane();
  data.target.clear();
  EXPECT_EQ(problem(fit_lasso(data, {})), "there is no target to learn");
  data = plane();
  data.labels = std::make_shared<const class_labels>(std::vector<std::int64_t>(100));
  EXPECT_EQ(problem(fit_lasso(data, {})), "this kind of model learns numbers, not classes");
}

TEST(regression_test, says_which_option_is_out_of_its_range) {
  const auto data = plane();
  EXPECT_EQ(problem(fit_ridge(data, {.alpha = -1})), "alpha must not be negative");
  EXPECT_EQ(problem(fit_lasso(data, {.alpha = std::nan("")})), "alpha must not be negative");
  EXPECT_EQ(problem(fit_elastic_net(data, {.l1_ratio = 1.5})), "l1_ratio must be from 0 to 1");
  EXPECT_EQ(problem(fit_elastic_net(data, {.max_iter = 0})), "max_iter must be at least 1");
}

} // namespace
} // namespace weir::models
