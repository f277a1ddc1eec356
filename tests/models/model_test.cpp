#include "tests/models/model_fixture.hpp"

#include "models/onnx/writer.hpp"

#include <cmath>

namespace weir::models {
namespace {

class model_test : public model_fixture {
protected:
  struct predictions {
    std::vector<double> values;
    std::vector<double> probabilities;
  };

  static predictions predict(const model& m, const std::vector<std::vector<std::string>>& rows) {
    predictions made{std::vector<double>(rows.size()), std::vector<double>(rows.size())};
    const auto columns = columns_of(rows, m.inputs());
    m.predict(columns.data(), rows.size(), rows.size(), made.values.data(),
              m.is_classifier() ? made.probabilities.data() : nullptr);
    return made;
  }

  static void expect_as_the_oracle_says(const std::string& name) {
    SCOPED_TRACE(name);
    const auto m = load(name + ".onnx");
    const auto rows = table(name + ".csv");
    ASSERT_GT(rows.size(), 64u);
    const auto made = predict(*m, rows);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      const auto& expected = rows[r][m->inputs()];
      if (!m->is_classifier()) {
        EXPECT_NEAR(made.values[r], std::stod(expected), 1e-5 * std::abs(std::stod(expected))) << "row " << r;
        continue;
      }
      EXPECT_EQ(label(*m, made.values[r]), expected) << "row " << r;
      EXPECT_NEAR(made.probabilities[r], std::stod(rows[r][m->inputs() + 1]), 1e-5) << "row " << r;
    }
  }

  static std::string label(const model& m, double chosen) {
    const auto at = static_cast<std::size_t>(chosen);
    if (const auto* numbers = std::get_if<std::vector<std::int64_t>>(&m.labels()))
      return std::to_string((*numbers)[at]);
    return std::get<std::vector<std::string>>(m.labels())[at];
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
  const auto together = predict(*m, rows);
  const auto columns = columns_of(rows, m->inputs());
  for (std::size_t count : {1u, 3u, 63u, 64u, 65u})
    for (std::size_t begin = 0; begin + count <= rows.size(); begin += count) {
      std::vector<double> values(count);
      m->predict(columns.data() + begin, rows.size(), count, values.data());
      for (std::size_t r = 0; r < count; ++r)
        ASSERT_EQ(values[r], together.values[begin + r]);
    }
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

TEST_F(model_test, reads_what_it_writes) {
  auto from = trees_of(bytes_of("regressor.onnx"));
  from.feature_names = {"Amount", "Ä \"quoted\" name", "", "d"};
  from.encoders = {{"d", {"mobile", "pos\n"}}, {"", {}}};
  from.base_values = {0.5};
  const auto again = trees_of(write_onnx(from));
  EXPECT_EQ(again.feature_names, from.feature_names);
  EXPECT_EQ(again.base_values, from.base_values);
  ASSERT_EQ(again.encoders.size(), 2u);
  EXPECT_EQ(again.encoders[0].feature, "d");
  EXPECT_EQ(again.encoders[0].categories, from.encoders[0].categories);
  const auto rows = table("regressor.csv");
  EXPECT_EQ(predict(**again.make_model(""), rows).values, predict(**from.make_model(""), rows).values);
}

} // namespace
} // namespace weir::models
