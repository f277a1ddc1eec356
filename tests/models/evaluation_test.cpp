#include "models/bootstrap.hpp"
#include "models/evaluation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <map>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

namespace weir::models {
namespace {

/// Predictions and what scikit-learn says of them, as tests/oracles/evaluation_oracle.py wrote them.
struct known_answers {
  explicit known_answers(const std::string& name) {
    const auto path = WEIR_SOURCE_DIR "/tests/data/evaluation/" + name;
    std::ifstream rows{path + ".csv"};
    for (std::string row; std::getline(rows, row);) {
      std::stringstream fields{row};
      std::size_t column = 0;
      for (std::string field; std::getline(fields, field, ','); ++column) {
        columns.resize(std::max(columns.size(), column + 1));
        columns[column].push_back(std::stod(field));
      }
    }
    std::ifstream lines{path + ".txt"};
    for (std::string line; std::getline(lines, line);) {
      std::stringstream words{line};
      std::string key, word;
      words >> key;
      std::vector<double> values;
      while (words >> word)
        values.push_back(std::stod(word));
      answers[key].push_back(std::move(values));
    }
    EXPECT_FALSE(columns.empty()) << path;
    EXPECT_FALSE(answers.empty()) << path;
  }

  void expect(const std::vector<named_measure>& measured) const {
    for (const auto& [name, value] : measured)
      EXPECT_NEAR(value, answers.at(std::string{name}).at(0).at(0), 1e-12) << name;
  }

  void expect(const std::string& key, const std::vector<std::vector<double>>& rows) const {
    const auto& known = answers.at(key);
    ASSERT_EQ(rows.size(), known.size()) << key;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ASSERT_EQ(rows[i].size(), known[i].size()) << key;
      for (std::size_t k = 0; k < rows[i].size(); ++k)
        EXPECT_NEAR(rows[i][k], known[i][k], 1e-12) << key << ' ' << i;
    }
  }

  std::vector<std::size_t> indices(std::size_t column) const {
    return {columns[column].begin(), columns[column].end()};
  }

  std::vector<std::vector<double>> columns;
  std::map<std::string, std::vector<std::vector<double>>> answers;
};

std::vector<std::vector<double>> points(const std::vector<curve_point>& curve) {
  std::vector<std::vector<double>> made;
  for (const auto& point : curve)
    made.push_back({point.x, point.y});
  return made;
}

TEST(evaluation_test, measures_a_regression_as_scikit_learn_does) {
  const known_answers known{"regression"};
  known.expect(evaluate(known.columns[0], known.columns[1]).measures());
}

class classes_test : public testing::TestWithParam<const char*> {};

TEST_P(classes_test, are_measured_as_scikit_learn_does) {
  const known_answers known{GetParam()};
  const std::vector<std::vector<double>> probabilities(known.columns.begin() + 2, known.columns.end());
  const auto classes = probabilities.size();
  const auto made = evaluate_classes(known.indices(0), known.indices(1), classes, probabilities);
  known.expect(made.measures());
  std::vector<std::vector<double>> by_class, confusion, calibration;
  for (std::size_t k = 0; k < classes; ++k) {
    const auto& one = made.classes[k];
    const auto index = static_cast<double>(k);
    by_class.push_back({index, one.precision, one.recall, one.f1, static_cast<double>(one.support)});
    confusion.push_back({index});
    for (std::size_t other = 0; other < classes; ++other)
      confusion.back().push_back(static_cast<double>(made.confusion[k * classes + other]));
  }
  for (std::size_t k = 0; k < made.calibration.size(); ++k)
    if (const auto& bin = made.calibration[k]; bin.count > 0)
      calibration.push_back({static_cast<double>(k), bin.predicted, bin.share, static_cast<double>(bin.count)});
  known.expect("class", by_class);
  known.expect("confusion", confusion);
  known.expect("calibration", calibration);
}

INSTANTIATE_TEST_SUITE_P(of, classes_test, testing::Values("binary", "multiclass"));

TEST(curves_test, go_through_the_points_of_scikit_learn) {
  const known_answers known{"binary"};
  std::vector<bool> is_positive;
  for (const auto truth : known.columns[0])
    is_positive.push_back(truth == 1);
  known.expect("roc", points(roc_curve(is_positive, known.columns[3])));
  known.expect("precision_recall", points(precision_recall_curve(is_positive, known.columns[3])));
}

TEST(curves_test, are_empty_where_one_side_is_missing) {
  const std::vector<double> scores{0.1, 0.9};
  EXPECT_TRUE(roc_curve({true, true}, scores).empty());
  EXPECT_TRUE(roc_curve({false, false}, scores).empty());
  EXPECT_TRUE(precision_recall_curve({false, false}, scores).empty());
  EXPECT_TRUE(std::isnan(calibration_error(calibrate({}, {}))));
}

TEST(evaluation_test, a_class_that_is_nowhere_is_in_no_mean) {
  const auto made = evaluate_classes(std::vector<std::size_t>{0, 0}, std::vector<std::size_t>{0, 0}, 3, {});
  EXPECT_EQ(made.macro_f1(), 1);
  EXPECT_TRUE(std::isnan(made.roc_auc));
  EXPECT_TRUE(made.calibration.empty());
}

TEST(bootstrap_test, holds_the_mean_of_a_sample_with_its_standard_error) {
  std::vector<double> values(400);
  std::iota(values.begin(), values.end(), 0.0);
  const auto mean_of = [&](std::span<const std::size_t> rows) {
    double sum = 0;
    for (const auto row : rows)
      sum += values[row];
    return std::vector<double>{sum / static_cast<double>(rows.size()), std::nan("")};
  };
  const auto made = bootstrap(values.size(), 2000, 1, 2, mean_of);
  ASSERT_EQ(made.size(), 2u);
  const auto standard_error = 400 / std::sqrt(12.0) / std::sqrt(400.0);
  EXPECT_NEAR(made[0].low, 199.5 - 1.96 * standard_error, 0.8);
  EXPECT_NEAR(made[0].high, 199.5 + 1.96 * standard_error, 0.8);
  EXPECT_TRUE(std::isnan(made[1].low));
  EXPECT_EQ(bootstrap(400, 50, 1, 1, mean_of)[0].low, bootstrap(400, 50, 1, 1, mean_of)[0].low);
  EXPECT_NE(bootstrap(400, 50, 1, 1, mean_of)[0].low, bootstrap(400, 50, 2, 1, mean_of)[0].low);
}

} // namespace
} // namespace weir::models
