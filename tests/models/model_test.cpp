#include "tests/models/model_fixture.hpp"

#include <algorithm>
#include <cmath>

namespace weir::models {
namespace {

class model_test : public model_fixture {
protected:
  static void expect_as_the_oracle_says(const std::string& name) {
    SCOPED_TRACE(name);
    const auto m = load(name + ".onnx");
    const auto rows = table(name + ".csv");
    ASSERT_GT(rows.size(), 64u);
    const auto made = test::score(*m, rows);
    const auto inputs = m->meaning().features.size();
    const auto first = m->first_column(m->meaning().prediction);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const auto& expected = rows[r][inputs];
      if (!m->is_classifier()) {
        EXPECT_NEAR(made.numbers[first][r], std::stod(expected), 1e-5 * std::abs(std::stod(expected))) << "row " << r;
        continue;
      }
      const auto is_text = m->prediction().type == element::text;
      EXPECT_EQ(is_text ? made.texts[first][r] : std::to_string(std::llround(made.numbers[first][r])), expected) << r;
      EXPECT_NEAR(probability(*m, made, r), std::stod(rows[r][inputs + 1]), 1e-5) << "row " << r;
    }
  }

  /// Of the second class of two, else the largest.
  static double probability(const model& m, const test::scored& made, std::size_t row) {
    const auto at = *m.meaning().probabilities;
    const auto first = m.first_column(at);
    const auto count = m.meaning().outputs[at].columns;
    if (count == 2)
      return made.numbers[first + 1][row];
    auto most = made.numbers[first][row];
    for (std::size_t k = 1; k < count; ++k)
      most = std::max(most, made.numbers[first + k][row]);
    return most;
  }
};

TEST_F(model_test, predicts_what_scikit_learn_predicts_with_a_regressor) {
  expect_as_the_oracle_says("regressor");
  expect_as_the_oracle_says("deep_regressor");
  expect_as_the_oracle_says("boosted_regressor");
}

TEST_F(model_test, predicts_what_scikit_learn_predicts_with_a_classifier_of_two_classes) {
  expect_as_the_oracle_says("binary");
  expect_as_the_oracle_says("boosted_binary");
}

TEST_F(model_test, predicts_what_scikit_learn_predicts_with_a_classifier_of_several_classes) {
  expect_as_the_oracle_says("multiclass");
  expect_as_the_oracle_says("boosted_multiclass");
}

TEST_F(model_test, sends_a_missing_value_where_each_node_says) {
  expect_as_the_oracle_says("missing");
}

TEST_F(model_test, gives_a_row_the_same_prediction_however_many_come_with_it) {
  const auto m = load("deep_regressor.onnx");
  const auto rows = table("deep_regressor.csv");
  const auto together = test::score(*m, rows);
  for (std::size_t count : {1u, 3u, 11u, 12u, 63u, 64u, 65u})
    EXPECT_EQ(test::score(*m, rows, count).numbers, together.numbers) << count;
}

TEST_F(model_test, knows_its_version_by_its_name_and_by_what_is_in_the_file) {
  EXPECT_EQ(load("boosted_binary.onnx")->version(), "boosted_binary@f7bd7fdd");
  EXPECT_EQ((*model::load(path_of("boosted_binary.onnx"), "v3"))->version(), "v3@f7bd7fdd");
}

TEST_F(model_test, names_a_file_that_cannot_be_read) {
  const auto missing = model::load(path_of("no_such.onnx"));
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().text().find("no_such.onnx"), std::string::npos);
  EXPECT_NE(missing.error().what.find("No such file"), std::string::npos);
  EXPECT_FALSE(model::load(path_of("")));
}

TEST_F(model_test, reads_the_names_that_it_writes) {
  const auto again = *read_onnx(forest_file({"Amount", "Ä \"quoted\" name", "", "d"}));
  ASSERT_EQ(again->meaning().features.size(), 4u);
  EXPECT_TRUE(again->meaning().has_names);
  EXPECT_EQ(again->meaning().features[1].name, "Ä \"quoted\" name");
}

} // namespace
} // namespace weir::models
