#include "models/kinds/model_kind.hpp"
#include "tests/models/scoring.hpp"

#include "models/kernel/support.hpp"
#include "models/onnx/reader.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace weir::models {
namespace {

const std::vector<const model_kind*> all_kinds{&kinds::svr, &kinds::kernel_ridge, &kinds::svc, &kinds::linear_svc,
                                               &kinds::one_class_svm};

/// Rows that are hard to learn from: what becomes of them with each kind.
class hard_rows_test : public testing::Test {
protected:
  static training_data random_rows(std::size_t rows, std::size_t features) {
    std::mt19937 random{7};
    std::normal_distribution<double> normal;
    training_data data{std::vector<std::vector<double>>(features), {}};
    for (auto& values : data.features)
      for (std::size_t r = 0; r < rows; ++r)
        values.push_back(static_cast<double>(static_cast<float>(normal(random))));
    for (std::size_t r = 0; r < rows; ++r)
      data.target.push_back(data.features[0][r] + (r % 2 == 0 ? 0.1 : -0.1));
    return data;
  }

  /// With a target that the kind can learn: classes by the sign.
  static training_data as_learned_by(const model_kind& kind, training_data data) {
    if (kind.learns == learning::classes) {
      for (auto& y : data.target)
        y = y > 0 ? 1 : 0;
      data.labels = std::make_shared<const class_labels>(std::vector<std::int64_t>{0, 1});
    }
    return data;
  }

  static option_texts rbf(const model_kind& kind) {
    return &kind == &kinds::linear_svc ? option_texts{} : option_texts{{"kernel", "rbf"}};
  }

  static std::string problem(const model_kind& kind, const training_data& data, option_texts options = {}) {
    options.merge(rbf(kind));
    const auto made = kind.train(as_learned_by(kind, data), 1, options);
    return made ? "" : made.error().text();
  }

  /// What the file says of the rows that it learned from: its numbers, output by output.
  static std::vector<std::vector<double>> said(const model_kind& kind, const training_data& data,
                                               option_texts options = {}) {
    options.merge(rbf(kind));
    const auto made = kind.train(as_learned_by(kind, data), 1, options);
    EXPECT_TRUE(made) << kind.name << ": " << made.error().text();
    if (!made)
      return {};
    const auto model = read_onnx(made->file);
    EXPECT_TRUE(model) << model.error().text();
    std::vector<std::vector<std::string>> rows(data.rows());
    for (std::size_t r = 0; r < data.rows(); ++r)
      for (const auto& feature : data.features)
        rows[r].push_back(detail::text_of(feature[r]));
    return test::score(**model, rows).numbers;
  }

  static void expect_finite(const std::vector<std::vector<double>>& columns) {
    EXPECT_FALSE(columns.empty());
    for (const auto& column : columns)
      for (const auto value : column)
        EXPECT_TRUE(std::isfinite(value)) << value;
  }
};

TEST_F(hard_rows_test, what_is_missing_or_infinite_is_refused_by_name) {
  for (const auto* kind : all_kinds) {
    SCOPED_TRACE(kind->name);
    auto data = random_rows(10, 3);
    data.features[1][4] = std::nan("");
    EXPECT_EQ(problem(*kind, data), "feature 1 of row 4 is missing (drop rows with missing values, or impute them)");
    for (const auto bad : {std::numeric_limits<double>::infinity(), 1e39}) {
      data.features[1][4] = bad;
      EXPECT_EQ(problem(*kind, data), "feature 1 of row 4 is not a finite float32 (drop rows with missing values)");
    }
    EXPECT_EQ(problem(*kind, {}), "there are no rows to learn from");
  }
}

TEST_F(hard_rows_test, a_target_that_is_not_finite_is_refused) {
  for (const auto* kind : {&kinds::svr, &kinds::kernel_ridge}) {
    auto data = random_rows(10, 3);
    data.target[2] = std::nan("");
    EXPECT_EQ(problem(*kind, data), "the target of row 2 is not finite (drop rows with missing values)");
  }
}

TEST_F(hard_rows_test, one_class_is_refused) {
  auto data = random_rows(10, 3);
  data.labels = std::make_shared<const class_labels>(std::vector<std::int64_t>{0, 1});
  data.target.assign(10, 1);
  for (const auto* kind : {&kinds::svc, &kinds::linear_svc})
    EXPECT_EQ(kind->train(data, 1, {}).error().what, "class '0' has no rows to learn from");
}

TEST_F(hard_rows_test, weights_are_refused_where_they_would_not_count) {
  auto data = random_rows(10, 3);
  data.weights.assign(10, 2);
  for (const auto* kind : all_kinds)
    EXPECT_EQ(problem(*kind, data),
              kind == &kinds::kernel_ridge ? "" : "a support vector machine takes no weights of rows (leave them out)");
}

TEST_F(hard_rows_test, too_many_rows_are_refused_before_they_are_looked_at) {
  training_data data{{std::vector<double>(most_rows_of_support_vectors + 1)}, std::vector<double>(50'001)};
  for (std::size_t r = 0; r < data.rows(); ++r)
    data.target[r] = r % 2 == 0 ? 1 : -1;
  for (const auto* kind : {&kinds::svr, &kinds::svc, &kinds::one_class_svm})
    EXPECT_EQ(problem(*kind, data),
              "there are 50001 rows, and a support vector machine learns from 50000 at most (give it a part of the "
              "rows, or choose gradient_boosting or a linear kind)");
  EXPECT_EQ(problem(kinds::kernel_ridge, data),
            "there are 50001 rows, and a ridge over a kernel learns from 10000 at most (give it a part of the rows, or "
            "choose gradient_boosting or svr)");
}

TEST_F(hard_rows_test, options_out_of_their_range_are_refused) {
  const auto data = random_rows(10, 3);
  for (const auto* kind : {&kinds::svr, &kinds::svc}) {
    EXPECT_EQ(problem(*kind, data, {{"C", "0"}}), "C must be above 0");
    EXPECT_EQ(problem(*kind, data, {{"tol", "-1"}}), "tol must be above 0");
    EXPECT_EQ(problem(*kind, data, {{"kernel", "poly"}}), "kernel must be rbf or linear, not 'poly'");
    for (const auto* gamma : {"0", "-1", "wide", "inf"})
      EXPECT_EQ(problem(*kind, data, {{"gamma", gamma}}),
                "gamma must be scale, auto or a number above 0, not '" + std::string{gamma} + "'");
  }
  EXPECT_EQ(problem(kinds::svr, data, {{"epsilon", "-0.1"}}), "epsilon must not be negative");
  EXPECT_EQ(problem(kinds::one_class_svm, data, {{"nu", "1.1"}}), "nu must be above 0 and at most 1");
  EXPECT_EQ(problem(kinds::kernel_ridge, data, {{"alpha", "0"}}), "alpha must be above 0");
  EXPECT_EQ(problem(kinds::svc, data, {{"class_weight", "even"}}),
            "class_weight must be balanced, or weights of labels such as yes:3,no:1, not 'even'");
  EXPECT_EQ(problem(kinds::linear_svc, data, {{"C", "-1"}}), "C must be above 0");
}

TEST_F(hard_rows_test, rows_that_are_all_the_same_say_the_same) {
  training_data data{{std::vector<double>(20, 3), std::vector<double>(20, -1)}, {}};
  for (int r = 0; r < 20; ++r)
    data.target.push_back(r % 4 == 0 ? 1 : -1);
  for (const auto* kind : all_kinds) {
    SCOPED_TRACE(kind->name);
    const auto columns = said(*kind, data);
    expect_finite(columns);
    for (const auto& column : columns)
      EXPECT_EQ(column, std::vector<double>(20, column[0]));
    if (kind->learns == learning::classes) {
      EXPECT_EQ(columns[0][0], 0) << "which has more rows";
    }
  }
}

TEST_F(hard_rows_test, one_row_says_its_target) {
  const training_data data{{{2}, {3}}, {7}};
  EXPECT_EQ(said(kinds::svr, data)[0][0], 7);
  EXPECT_EQ(said(kinds::kernel_ridge, data)[0][0], 3.5); // with alpha 1 half of it
  EXPECT_NEAR(said(kinds::one_class_svm, data)[0][0], 0, 1e-6);
}

TEST_F(hard_rows_test, rows_that_are_there_twice_do_no_harm) {
  auto data = random_rows(30, 2);
  for (auto* values : {&data.features[0], &data.features[1], &data.target}) {
    const auto once = *values;
    values->insert(values->end(), once.begin(), once.end());
  }
  for (const auto* kind : all_kinds) {
    SCOPED_TRACE(kind->name);
    const auto columns = said(*kind, data);
    expect_finite(columns);
    for (const auto& column : columns)
      for (std::size_t r = 0; r < 30; ++r)
        EXPECT_EQ(column[r], column[30 + r]);
  }
}

TEST_F(hard_rows_test, five_hundred_features_are_learned) {
  const auto data = random_rows(40, 500);
  for (const auto* kind : all_kinds) {
    SCOPED_TRACE(kind->name);
    const auto columns = said(*kind, data);
    expect_finite(columns);
    const auto learned = as_learned_by(*kind, data);
    if (kind->learns == learning::classes) {
      EXPECT_EQ(columns[0], learned.target); // so many features tell all rows apart
    }
  }
}

/// With the linear kernel, too: it is solved around the means.
TEST_F(hard_rows_test, features_far_from_0_say_what_they_say_around_it) {
  const auto data = random_rows(40, 2);
  auto far = data;
  for (auto& values : far.features)
    for (auto& x : values) {
      x = std::round(x * 16) / 16;
      x += 65536; // a sum that float32 holds
    }
  auto near = far;
  for (auto& values : near.features)
    for (auto& x : values)
      x -= 65536;
  for (const auto* kernel : {"rbf", "linear"}) {
    const auto expected = said(kinds::svr, near, {{"kernel", kernel}, {"gamma", "0.5"}});
    const auto made = said(kinds::svr, far, {{"kernel", kernel}, {"gamma", "0.5"}});
    for (std::size_t r = 0; r < data.rows(); ++r)
      EXPECT_NEAR(made[0][r], expected[0][r], std::string_view{kernel} == "rbf" ? 1e-5 : 2e-2) << kernel;
  }
}

TEST_F(hard_rows_test, a_regressor_keeps_its_digits_far_from_0) {
  auto data = random_rows(40, 2);
  const auto expected = said(kinds::svr, data);
  for (auto& y : data.target)
    y += 1e12;
  const auto made = said(kinds::svr, data);
  for (std::size_t r = 0; r < data.rows(); ++r)
    EXPECT_NEAR(made[0][r] - 1e12, expected[0][r], 1e-2);
  EXPECT_EQ(problem(kinds::kernel_ridge, data),
            "the coefficients are too large to be written as float32 (raise alpha, or take the mean off the target)");
}

TEST_F(hard_rows_test, a_solver_that_does_not_settle_ends_with_a_remedy) {
  auto data = random_rows(200, 2);
  EXPECT_EQ(
      problem(kinds::svr, data, {{"max_iter", "5"}}),
      "the support vectors have not settled after 5 steps (bring the features to one scale, lower C, or raise tol "
      "or max_iter)");
  EXPECT_EQ(problem(kinds::linear_svc, data, {{"max_iter", "1"}}),
            "the coefficients have not settled after 1 passes (bring the features to one scale around 0, lower C, or "
            "raise max_iter)");
  for (auto& values : data.features)
    for (auto& x : values)
      x *= 1e15;
  const auto said_of_it =
      problem(kinds::svr, data, {{"kernel", "linear"}, {"C", "1e6"}, {"tol", "1e-15"}, {"max_iter", "20000"}});
  EXPECT_NE(said_of_it.find("bring the features to one scale"), std::string::npos) << said_of_it;
}

} // namespace
} // namespace weir::models
