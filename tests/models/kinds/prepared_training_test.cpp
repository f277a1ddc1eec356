#include "models/kinds/prepared_training.hpp"

#include "models/onnx/reader.hpp"
#include "models/scorer.hpp"
#include "tests/models/scoring.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

namespace weir::models {
namespace {

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();

std::vector<std::vector<std::string>> table_of(const std::string& name) {
  std::ifstream file{WEIR_SOURCE_DIR "/tests/data/preparation/" + name};
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(file, line);) {
    rows.emplace_back();
    std::istringstream fields{line};
    for (std::string field; std::getline(fields, field, ',');)
      rows.back().push_back(field.empty() ? "nan" : field);
  }
  return rows;
}

/// The rows of the oracle: three features, some of them missing, and a target above 0.
training_data oracle_data() {
  training_data data{std::vector<std::vector<double>>(3), {}, {"a", "b", "c"}};
  const auto rows = table_of("rows.csv");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    for (std::size_t f = 0; f < 3; ++f)
      data.features[f].push_back(std::stod(rows[i][f]));
    data.target.push_back(std::stod(rows[i][3]));
  }
  return data;
}

std::vector<std::vector<std::string>> features_of(const training_data& data) {
  std::vector<std::vector<std::string>> rows(data.rows());
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (const auto& feature : data.features)
      rows[i].push_back(std::to_string(feature[i]));
  return rows;
}

model_ptr learn(const model_kind& kind, const training_data& data, const preparation& how) {
  const auto made = train_prepared(kind, data, how, 1, {});
  EXPECT_TRUE(made) << kind.name << made.error().text();
  auto model = read_onnx(made->file);
  EXPECT_TRUE(model) << kind.name << model.error().text();
  return *model;
}

std::vector<double> predicted(const model& of, const std::vector<std::vector<std::string>>& rows) {
  return test::score(of, rows).numbers[of.first_column(of.meaning().prediction)];
}

class prepared_training_test : public testing::TestWithParam<std::string> {};

TEST_P(prepared_training_test, predicts_what_scikit_learn_does) {
  const auto name = GetParam();
  const auto expected = table_of("predicted.csv");
  const auto column = static_cast<std::size_t>(std::ranges::find(expected[0], name) - expected[0].begin());
  ASSERT_LT(column, expected[0].size());
  const auto space = name.find(' ');
  const auto transform = std::ranges::find(target_transform_words, name.substr(space + 1),
                                           [](const auto& word) { return std::string{word.first}; });
  const auto data = oracle_data();
  const auto model =
      learn(kinds::linear_regression, data, {*read_imputations(name.substr(0, space)), transform->second});
  const auto made = predicted(*model, features_of(data));
  ASSERT_EQ(made.size() + 1, expected.size());
  for (std::size_t i = 0; i < made.size(); ++i) {
    const auto wanted = std::stod(expected[i + 1][column]);
    EXPECT_NEAR(made[i], wanted, 2e-6 * (1 + std::abs(wanted))) << i;
  }
}

std::vector<std::string> oracle_columns() {
  return table_of("predicted.csv").front();
}

std::string name_of_test(const testing::TestParamInfo<std::string>& of) {
  auto name = of.param;
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(oracle, prepared_training_test, testing::ValuesIn(oracle_columns()), name_of_test);

TEST(prepared_training, brings_back_what_every_kind_of_regressor_predicts) {
  auto data = oracle_data();
  const auto how = *read_imputations("median");
  for (const auto* kind : model_kinds()) {
    if (kind->train == nullptr || kind->learns == learning::classes || kind->learns == learning::unsupervised)
      continue;
    for (const auto& [name, by] : target_transform_words) {
      auto transformed = data;
      const auto fitted = *transform_targets(by, transformed.target);
      const auto rows = features_of(data);
      const auto plain = predicted(*learn(*kind, transformed, {how}), rows);
      const auto brought_back = predicted(*learn(*kind, data, {how, by}), rows);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto wanted = original_of(fitted, plain[i]);
        EXPECT_NEAR(brought_back[i], wanted, 1e-6 * (1 + std::abs(wanted))) << kind->name << " " << name;
      }
    }
  }
}

/// A text, a number, and a target that follows both; some are missing.
training_data mixed_data() {
  training_data data{{{}, {}}, {}, {"color", "size"}, {{"color", {"blue", "green", "red"}}}};
  for (int i = 0; i < 90; ++i) {
    data.features[0].push_back(i % 10 == 3 ? nan : i % 3 == 0 ? 2 : i % 5 == 0 ? 1 : 0);
    data.features[1].push_back(i % 7 == 2 ? nan : i % 11);
    data.target.push_back(3.0 * (i % 3) + 0.5 * (i % 11));
  }
  return data;
}

TEST(prepared_training, scores_what_is_missing_as_what_stands_for_it) {
  const auto data = mixed_data();
  for (const auto* kind : {&kinds::ridge, &kinds::random_forest, &kinds::gradient_boosting}) {
    const auto model = learn(*kind, data, {*read_imputations("size:4,median")});
    EXPECT_EQ(model->meaning().filled, (std::vector<std::string>{"color", "size"}));
    const auto made =
        predicted(*model, {{"", "nan"}, {"blue", "4"}, {"", "9"}, {"blue", "9"}, {"red", "nan"}, {"red", "4"}});
    EXPECT_EQ(made[0], made[1]) << kind->name;
    EXPECT_EQ(made[2], made[3]) << kind->name;
    EXPECT_EQ(made[4], made[5]) << kind->name;
    EXPECT_NE(made[1], made[3]) << kind->name;
  }
}

TEST(prepared_training, fills_the_features_alone_that_have_a_rule) {
  auto data = mixed_data();
  for (auto& value : data.features[1])
    value = std::isnan(value) ? 0 : value;
  const auto model = learn(kinds::ridge, data, {*read_imputations("color:most_frequent")});
  EXPECT_EQ(model->meaning().filled, (std::vector<std::string>{"color"}));
  EXPECT_TRUE(std::isnan(predicted(*model, {{"red", "nan"}})[0]));
}

TEST(prepared_training, says_what_cannot_be_prepared) {
  const auto problem = [](const training_data& data, const preparation& how) {
    const auto made = train_prepared(kinds::ridge, data, how, 1, {});
    return made ? std::string{} : made.error().text();
  };
  auto data = mixed_data();
  EXPECT_NE(problem(data, {*read_imputations("color:mean")}).find("'color' is a text"), std::string::npos);
  EXPECT_NE(problem(data, {*read_imputations("0"), target_transform::log}).find("has no log"), std::string::npos);
  data.features[1].assign(90, nan);
  EXPECT_NE(problem(data, {*read_imputations("mean")}).find("'size' has no value"), std::string::npos);
}

TEST(prepared_training, a_pipeline_has_a_result_for_records_with_nulls) {
  const auto model = learn(kinds::ridge, mixed_data(), {*read_imputations("size:4,median")});
  core::layout columns;
  const std::vector inputs{columns.add({"color", core::column_type::string, true}),
                           columns.add({"size", core::column_type::float64, true})};
  const auto scorer = scorer::make(model, columns, inputs, {.as = {"price"}});
  ASSERT_TRUE(scorer);
  const std::array<std::string_view, 4> colors{"red", "blue", "red", "stale"};
  core::batch b;
  auto color = std::make_shared<core::column>();
  color->type = core::column_type::string;
  color->text.assign(colors.begin(), colors.end());
  color->null = {0, 0, 0, 1};
  auto size = std::make_shared<core::column>();
  size->type = core::column_type::float64;
  size->f64 = {4, 7, 123, 7};
  size->null = {0, 0, 1, 0};
  b.columns = {color, size};
  b.rows = {0, 1, 2, 3};
  (*scorer)->run(b);
  EXPECT_TRUE(b.rejected.empty());
  ASSERT_EQ(b.rows.size(), 4u);
  const auto& price = b.at(*columns.find("price")).f64;
  EXPECT_EQ(price[2], price[0]);
  EXPECT_EQ(price[3], price[1]);
  EXPECT_NE(price[0], price[1]);
}

} // namespace
} // namespace weir::models
