#include "models/scorer.hpp"

#include "models/kinds/model_kind.hpp"
#include "models/onnx/reader.hpp"
#include "tests/models/model_fixture.hpp"

#include <cmath>
#include <numeric>
#include <random>

namespace weir::models {
namespace {

/// What a model says of rows of floats: the columns of all its outputs.
class said {
public:
  said(const model& by, const std::vector<std::vector<float>>& rows) {
    std::vector<std::vector<float>> columns(by.meaning().features.size());
    for (const auto& row : rows)
      for (std::size_t f = 0; f < columns.size(); ++f)
        columns[f].push_back(row[f]);
    std::vector<const void*> features;
    for (const auto& column : columns)
      features.push_back(column.data());
    std::vector<const void*> made(by.columns());
    by.predict(features.data(), rows.size(), made.data());
    const auto& outputs = by.meaning().outputs;
    for (std::size_t i = 0; i < outputs.size(); ++i)
      for (std::size_t c = 0; c < outputs[i].columns; ++c) {
        auto& values = columns_.emplace_back();
        for (std::size_t row = 0; row < rows.size(); ++row)
          values.push_back(number(made[by.first_column(i) + c], outputs[i].type, row));
      }
  }

  double operator()(std::size_t column, std::size_t row) const { return columns_[column][row]; }

private:
  static double number(const void* at, element type, std::size_t row) {
    switch (type) {
    case element::f32: return static_cast<double>(static_cast<const float*>(at)[row]);
    case element::f64: return static_cast<const double*>(at)[row];
    case element::i64: return static_cast<double>(static_cast<const std::int64_t*>(at)[row]);
    default: return 0;
    }
  }

  std::vector<std::vector<double>> columns_;
};

/// Models and what shap says of them, as tests/oracles/explain_oracle.py wrote them.
class explanation_oracle_test : public model_fixture, public testing::WithParamInterface<const char*> {};

TEST_P(explanation_oracle_test, gives_the_values_of_shap) {
  const auto name = std::string{"../explain/"} + GetParam();
  const auto model = model::load(path_of(name + ".onnx"), {}, true);
  ASSERT_TRUE(model) << model.error().text();
  const auto& meaning = (*model)->meaning();
  ASSERT_TRUE(meaning.explanations);
  std::vector<std::vector<float>> rows;
  const auto lines = table(name + ".csv");
  ASSERT_EQ(lines.size(), 40u);
  constexpr std::size_t features = 5;
  for (const auto& line : lines) {
    auto& row = rows.emplace_back();
    for (std::size_t f = 0; f < features; ++f)
      row.push_back(line[f] == "nan" ? std::numeric_limits<float>::quiet_NaN() : std::stof(line[f]));
  }
  const said values{**model, rows};
  const auto first = (*model)->first_column(*meaning.explanations);
  const auto outputs = meaning.expected.size();
  for (std::size_t r = 0; r < rows.size(); ++r) {
    auto which = outputs == 2 ? std::size_t{1} : std::size_t{0};
    for (std::size_t k = 0; outputs > 2 && k < outputs; ++k)
      if (const auto at = (*model)->first_column(*meaning.probabilities); values(at + k, r) > values(at + which, r))
        which = k;
    for (std::size_t f = 0; f < features; ++f)
      EXPECT_NEAR(values(first + which * features + f, r), std::stod(lines[r][features + f]), 1e-6)
          << "row " << r << " feature " << f;
    EXPECT_NEAR(meaning.expected[which], std::stod(lines[r][2 * features]), 1e-6);
  }
}

INSTANTIATE_TEST_SUITE_P(models, explanation_oracle_test,
                         testing::Values("forest", "extra_trees", "boosting", "two_classes", "three_classes",
                                         "light_gbm"),
                         [](const auto& of) { return std::string{of.param}; });

/// Rows of three features, where the third does not matter.
training_data some_data(bool has_labels) {
  std::mt19937_64 dice{5};
  training_data data;
  data.features.resize(3);
  data.feature_names = {"a", "b", "useless"};
  for (int i = 0; i < 300; ++i) {
    const auto a = static_cast<double>(dice() % 100) / 10, b = static_cast<double>(dice() % 100) / 10;
    data.features[0].push_back(a);
    data.features[1].push_back(b);
    data.features[2].push_back(1);
    data.target.push_back(has_labels ? (a + b > 10 ? 1 : 0) : 3 * a - b);
  }
  if (has_labels)
    data.labels = std::make_shared<const class_labels>(std::vector<std::int64_t>{0, 1});
  return data;
}

TEST(explanation_test, of_our_own_models_add_up_to_what_they_say) {
  for (const auto* kind : {&kinds::random_forest, &kinds::extra_trees, &kinds::gradient_boosting})
    for (const auto has_labels : {false, true}) {
      const auto trained = kind->train(some_data(has_labels), 1, {});
      ASSERT_TRUE(trained) << kind->name;
      const auto model = read_onnx(trained->file, {}, true);
      ASSERT_TRUE(model) << kind->name << ": " << model.error().text();
      const std::vector<std::vector<float>> rows{{1, 2, 1}, {9, 1, 1}, {4.5, 9, 1}, {0, 0, 1}};
      const said values{**model, rows};
      const auto& meaning = (*model)->meaning();
      const auto first = (*model)->first_column(*meaning.explanations);
      const auto outputs = meaning.expected.size();
      for (std::size_t r = 0; r < rows.size(); ++r) {
        auto sum = meaning.expected[outputs - 1];
        for (std::size_t f = 0; f < 3; ++f)
          sum += values(first + (outputs - 1) * 3 + f, r);
        EXPECT_EQ(values(first + (outputs - 1) * 3 + 2, r), 0) << kind->name << ": nothing is split by it";
        auto predicted = values((*model)->first_column(has_labels ? *meaning.probabilities + 0 : meaning.prediction)
                                    + (has_labels ? 1 : 0),
                                r);
        if (has_labels && kind == &kinds::gradient_boosting)
          predicted = std::log(predicted / (1 - predicted)); // its trees add up to log-odds
        EXPECT_NEAR(sum, predicted, 1e-4 * std::max(1.0, std::abs(predicted))) << kind->name << " " << has_labels;
      }
    }
}

TEST(explanation_test, is_refused_for_what_is_no_tree) {
  const auto trained = kinds::ridge.train(some_data(false), 1, {});
  const auto model = read_onnx(trained->file, {}, true);
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().what, "only models of trees can be explained");
}

TEST(explanation_test, stands_in_columns_of_single_features) {
  const auto model = *read_onnx(kinds::random_forest.train(some_data(false), 1, {})->file, {}, true);
  core::layout columns;
  std::vector<core::column_id> inputs;
  for (const auto* name : {"a", "b", "useless"})
    inputs.push_back(columns.add({.name = name}));
  const scored_columns names{
      .as = {"y"}, .explain = {{"b", "why_b"}, {"a", "why_a"}, {"useless", "why_not"}}, .expected_value = "base"};
  const auto made = scorer::make(model, columns, inputs, names);
  ASSERT_TRUE(made) << made.error().text();
  core::batch b;
  for (const auto value : {2.0, 9.0, 1.0}) {
    auto column = std::make_shared<core::column>();
    column->f64 = {value, value / 2};
    b.columns.push_back(std::move(column));
  }
  b.rows = {0, 1};
  (*made)->run(b);
  for (const auto row : b.rows) {
    const auto at = [&](const char* name) { return b.at(*columns.find(name)).f64[row]; };
    EXPECT_NEAR(at("base") + at("why_a") + at("why_b") + at("why_not"), at("y"), 1e-5);
    EXPECT_EQ(at("why_not"), 0);
    EXPECT_LT(at("why_a"), 0) << "a is small, and the target grows with it";
  }
  auto unknown = names;
  unknown.explain = {{"c", "why_c"}};
  core::layout again;
  for (const auto* name : {"a", "b", "useless"})
    again.add({.name = name});
  EXPECT_EQ(scorer::make(model, again, inputs, unknown).error().what, "the model has no feature 'c'");
}

} // namespace
} // namespace weir::models
