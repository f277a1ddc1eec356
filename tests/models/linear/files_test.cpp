#include "tests/models/linear/learned_fixture.hpp"
#include "tests/models/scoring.hpp"

#include "models/kinds/model_kind.hpp"
#include "models/linear/gaussian_nb.hpp"
#include "models/linear/k_means.hpp"
#include "models/linear/least_squares.hpp"
#include "models/linear/logistic_regression.hpp"
#include "models/onnx/reader.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <numbers>

namespace weir::models {
namespace {

/// What the file of a trained model says of the rows that it was trained on.
class linear_files_test : public testing::Test {
protected:
  void train(const model_kind& kind, const training_data& data, const option_texts& options = {}) {
    const auto trained = kind.train(data, 1, options);
    ASSERT_TRUE(trained) << trained.error().text();
    const auto read = read_onnx(trained->file);
    ASSERT_TRUE(read) << read.error().text();
    model = *read;
    std::vector<std::vector<std::string>> rows(data.rows());
    for (std::size_t r = 0; r < data.rows(); ++r)
      for (const auto& feature : data.features) {
        std::array<char, 32> text;
        rows[r].emplace_back(text.data(),
                             static_cast<std::size_t>(std::snprintf(text.data(), text.size(), "%.17g", feature[r])));
      }
    said = test::score(*model, rows);
  }

  static double sum_of(const linear_fit& fit, const training_data& data, std::size_t row) {
    auto sum = fit.intercept;
    for (std::size_t f = 0; f < data.features.size(); ++f)
      sum += fit.coefficients[f] * data.features[f][row];
    return sum;
  }

  /// Each row's shares of exp(score), and which class has the largest.
  void expect_shares(const training_data& data, const std::vector<std::vector<double>>& scores) {
    ASSERT_EQ(model->meaning().outputs[1].columns, scores.size());
    for (std::size_t r = 0; r < data.rows(); ++r) {
      double all = 0;
      for (const auto& one : scores)
        all += std::exp(one[r]);
      std::size_t likeliest = 0;
      for (std::size_t k = 0; k < scores.size(); ++k) {
        EXPECT_NEAR(said.numbers[1 + k][r], std::exp(scores[k][r]) / all, 1e-6);
        likeliest = scores[k][r] > scores[likeliest][r] ? k : likeliest;
      }
      EXPECT_EQ(said.numbers[0][r], static_cast<double>(likeliest));
    }
  }

  model_ptr model;
  test::scored said;
};

const test::excerpt all_rows{.features = {"0", "1", "2", "3"}};

TEST_F(linear_files_test, a_regressor_says_the_weighted_sum) {
  const auto data = test::read_excerpt(all_rows);
  train(kinds::linear_regression, data);
  EXPECT_EQ(model->meaning().outputs[0].name, "variable");
  const auto fit = *fit_linear_regression(data, {});
  for (std::size_t r = 0; r < data.rows(); ++r)
    EXPECT_NEAR(said.numbers[0][r], sum_of(fit, data, r), 1e-5);
}

TEST_F(linear_files_test, a_regressor_keeps_its_digits_far_from_0) {
  auto data = test::read_excerpt(all_rows);
  const auto fit = *fit_linear_regression(data, {});
  for (auto& y : data.target)
    y += 1e12;
  train(kinds::linear_regression, data);
  for (std::size_t r = 0; r < data.rows(); ++r)
    EXPECT_NEAR(said.numbers[0][r] - 1e12, sum_of(fit, data, r), 1e-3);
}

TEST_F(linear_files_test, a_classifier_of_two_classes_says_the_logistic_function_of_its_score) {
  auto wanted = all_rows;
  wanted.target = "two";
  const auto data = test::read_excerpt(wanted);
  train(kinds::logistic_regression, data);
  const auto fits = *fit_logistic_regression(data, {});
  std::vector<double> scores;
  for (std::size_t r = 0; r < data.rows(); ++r)
    scores.push_back(sum_of(fits[0], data, r));
  expect_shares(data, {std::vector<double>(data.rows()), scores});
}

TEST_F(linear_files_test, a_classifier_of_three_classes_says_shares) {
  auto wanted = all_rows;
  wanted.target = "three";
  const auto data = test::read_excerpt(wanted);
  train(kinds::logistic_regression, data, {{"C", "10"}, {"class_weight", "balanced"}});
  const auto fits = *fit_logistic_regression(data, {.C = 10, .class_weight = "balanced"});
  std::vector<std::vector<double>> scores;
  for (const auto& fit : fits) {
    scores.emplace_back();
    for (std::size_t r = 0; r < data.rows(); ++r)
      scores.back().push_back(sum_of(fit, data, r));
  }
  expect_shares(data, scores);
}

TEST_F(linear_files_test, naive_bayes_says_the_shares_of_densities) {
  for (const auto* target : {"two", "three"}) {
    auto wanted = all_rows;
    wanted.target = target;
    const auto data = test::read_excerpt(wanted);
    train(kinds::gaussian_nb, data);
    const auto classes = *fit_gaussian_nb(data, {});
    std::vector<std::vector<double>> scores;
    for (const auto& one : classes) {
      scores.emplace_back(data.rows(), std::log(one.prior));
      for (std::size_t f = 0; f < data.features.size(); ++f)
        for (std::size_t r = 0; r < data.rows(); ++r) {
          const auto off = data.features[f][r] - one.means[f];
          scores.back()[r] -= (std::log(2 * std::numbers::pi * one.variances[f]) + off * off / one.variances[f]) / 2;
        }
    }
    expect_shares(data, scores);
  }
}

TEST_F(linear_files_test, classifiers_say_the_labels_that_they_learned) {
  auto wanted = all_rows;
  wanted.target = "three";
  auto data = test::read_excerpt(wanted);
  const std::vector<std::string> names{"low", "middle", "high"};
  data.labels = std::make_shared<const class_labels>(names);
  for (const auto* kind : {&kinds::logistic_regression, &kinds::gaussian_nb}) {
    train(*kind, data);
    EXPECT_TRUE(model->is_classifier());
    EXPECT_EQ(model->meaning().outputs[0].name, "label");
    EXPECT_EQ(model->meaning().outputs[1].name, "probabilities");
    ASSERT_NE(model->prediction().labels, nullptr);
    EXPECT_EQ(*model->prediction().labels, class_labels{names});
    std::size_t right = 0;
    for (std::size_t r = 0; r < data.rows(); ++r)
      right += said.texts[0][r] == names[static_cast<std::size_t>(data.target[r])] ? 1 : 0;
    EXPECT_GT(right, 40u);
  }
}

TEST_F(linear_files_test, k_means_says_the_nearest_centre_and_the_distances_to_all) {
  const auto data = test::read_excerpt(all_rows);
  train(kinds::k_means, data, {{"n_clusters", "4"}});
  EXPECT_EQ(model->meaning().outputs[0].name, "label");
  EXPECT_EQ(model->meaning().outputs[1].name, "scores");
  const auto made = *fit_k_means(data, {.n_clusters = 4, .random_state = 1});
  for (std::size_t r = 0; r < data.rows(); ++r) {
    std::size_t nearest = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      double square = 0;
      for (std::size_t f = 0; f < data.features.size(); ++f)
        square += std::pow(data.features[f][r] - made.centres[k][f], 2);
      EXPECT_NEAR(said.numbers[1 + k][r], std::sqrt(square), 1e-4);
      nearest = said.numbers[1 + k][r] < said.numbers[1 + nearest][r] ? k : nearest;
    }
    EXPECT_EQ(said.numbers[0][r], static_cast<double>(nearest));
  }
}

} // namespace
} // namespace weir::models
