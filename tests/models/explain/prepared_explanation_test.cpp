#include "models/categories.hpp"
#include "models/imputation.hpp"
#include "models/kinds/model_kind.hpp"
#include "models/onnx/reader.hpp"
#include "models/trees/boosting.hpp"
#include "tests/models/explain/shap_definition.hpp"
#include "tests/models/scoring.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <ostream>
#include <random>

namespace weir::models {
namespace {

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t features = 4;
const std::vector<std::string> colors{"blue", "green", "red", "white", "yellow"};

/// What a model is asked, and the rows that it learns from: a text and a number that are categories, and two numbers
/// that have an order. All four are missing at times.
struct mixed_table {
  training_data data;
  std::vector<std::vector<std::string>> rows;
};

/// @param classes 0: the target is a number
mixed_table mixed(std::size_t classes) {
  std::mt19937_64 dice{6};
  mixed_table made;
  made.data.features.resize(features);
  made.data.feature_names = {"color", "shop", "a", "b"};
  made.data.encoders = {{"color", colors}};
  for (int i = 0; i < 400; ++i) {
    const auto lacks = [&] { return dice() % 9 == 0; };
    const auto color = dice() % colors.size(), shop = dice() % 8, a = dice() % 20, b = dice() % 20;
    std::vector<double> row{static_cast<double>(color), static_cast<double>(shop * 100 + 7), static_cast<double>(a),
                            static_cast<double>(b)};
    auto& texts = made.rows.emplace_back();
    for (std::size_t f = 0; f < features; ++f) {
      row[f] = lacks() ? nan : row[f];
      made.data.features[f].push_back(row[f]);
      texts.push_back(f == 0               ? std::isnan(row[f]) ? "" : colors[color]
                                    : std::isnan(row[f]) ? "nan"
                                           : std::to_string(row[f]));
    }
    const auto target = static_cast<double>(color * 5 % 7 + shop * 3 % 8) + static_cast<double>(a) / 4
                        - (color == 2 ? static_cast<double>(b) / 3 : 0.0);
    made.data.target.push_back(classes == 0 ? target : static_cast<double>(target > 9) + (classes > 2 && target > 12));
  }
  if (classes > 0) {
    std::vector<std::int64_t> labels(classes);
    for (std::size_t k = 0; k < classes; ++k)
      labels[k] = static_cast<std::int64_t>(k);
    made.data.labels = std::make_shared<const class_labels>(std::move(labels));
  }
  return made;
}

/// As train_prepared() does it.
void prepare(training_data& data, const std::vector<std::string>& categories, bool fills) {
  ASSERT_TRUE(encode_categories(data, categories));
  if (!fills)
    return;
  data.fills.assign(features, nan);
  for (std::size_t f = 0; f < features; ++f) {
    if (data.find_category(f) != nullptr)
      continue;
    data.fills[f] = fill_of({{}, imputation_strategy::most_frequent}, data.features[f], f == 0);
    for (auto& value : data.features[f])
      value = std::isnan(value) ? data.fills[f] : value;
  }
}

/// Whether a model's SHAP values are those of the trees that were trained. @param coded the trees' rows
void expect_the_definition(const std::string& file, const tree_ensemble& trees, const std::vector<double>& bases,
                           const training_data& coded, const std::vector<std::vector<std::string>>& rows) {
  const auto model = read_onnx(file, {}, true);
  ASSERT_TRUE(model) << model.error().text();
  const auto& meaning = (*model)->meaning();
  ASSERT_EQ(meaning.expected.size(), trees.outputs);
  const std::vector few(rows.begin(), rows.begin() + 40);
  const auto scored = test::score(**model, few);
  const auto first = (*model)->first_column(*meaning.explanations);
  for (std::size_t k = 0; k < trees.outputs; ++k) {
    const auto base = bases.empty() ? 0.0 : bases[k];
    EXPECT_NEAR(meaning.expected[k], base + test::expectation(trees, std::vector<double>(features), 0, k), 1e-5);
    for (std::size_t i = 0; i < few.size(); ++i) {
      std::vector<double> row;
      for (const auto& feature : coded.features)
        row.push_back(feature[i]);
      for (std::size_t f = 0; f < features; ++f)
        EXPECT_NEAR(scored.numbers[first + k * features + f][i], test::value_by_definition(trees, row, f, k), 1e-5)
            << "row " << i << " feature " << f << " output " << k;
    }
  }
}

struct preparation_case {
  const char* name;
  std::vector<std::string> categories;
  bool fills;
};

void PrintTo(const preparation_case& of, std::ostream* to) {
  *to << of.name;
}

class prepared_explanation_test : public testing::TestWithParam<preparation_case> {};

TEST_P(prepared_explanation_test, of_boosting_are_those_of_the_definition) {
  for (const std::size_t classes : {0, 2, 3}) {
    auto [data, rows] = mixed(classes);
    prepare(data, GetParam().categories, GetParam().fills);
    boosting_options how;
    how.max_iter = 6;
    how.random_state = 1;
    const auto trained = train_boosting(data, how);
    const auto made = kinds::gradient_boosting.train(data, 1, {{"max_iter", "6"}});
    ASSERT_TRUE(trained && made);
    expect_the_definition(made->file, trained->trees.trees, trained->bases, data, rows);
  }
}

TEST_P(prepared_explanation_test, of_forests_are_those_of_the_definition) {
  for (const std::size_t classes : {0, 2, 3}) {
    auto [data, rows] = mixed(classes);
    prepare(data, GetParam().categories, GetParam().fills);
    const auto ordered = data.categories.empty() ? data : with_ordered_categories(data);
    forest_options how;
    how.n_estimators = 4;
    how.max_depth = 5;
    how.random_state = 1;
    const auto trained = train_forest(ordered, how);
    const auto made = kinds::random_forest.train(data, 1, {{"n_estimators", "4"}, {"max_depth", "5"}});
    ASSERT_TRUE(trained && made);
    expect_the_definition(made->file, trained->trees, {}, ordered, rows);
  }
}

INSTANTIATE_TEST_SUITE_P(preparations, prepared_explanation_test,
                         testing::Values(preparation_case{"a_text_of_sets", {"color"}, false},
                                         preparation_case{"text_and_number_of_sets", {"color", "shop"}, false},
                                         preparation_case{"an_imputer", {}, true},
                                         preparation_case{"sets_and_an_imputer", {"color", "shop"}, true}),
                         [](const auto& of) { return std::string{of.param.name}; });

} // namespace
} // namespace weir::models
