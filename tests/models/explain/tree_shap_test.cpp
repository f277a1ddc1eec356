#include "models/explain/tree_shap.hpp"

#include "tests/models/explain/shap_definition.hpp"

#include <algorithm>
#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace weir::models {
namespace {

using test::expectation;
using test::value_by_definition;

constexpr std::size_t features = 4;

/// Random trees over few features, so that paths meet a feature more than once.
class random_trees {
public:
  /// @param tests_sets most splits ask for one of a few values, or for a single one
  explicit random_trees(std::uint64_t seed, bool tests_sets = false) : dice_{seed}, tests_sets_{tests_sets} {}

  tree_ensemble make(std::size_t trees, std::size_t depth, std::size_t outputs) {
    tree_ensemble made;
    made.features = features;
    made.outputs = outputs;
    made.compares_doubles = true;
    for (std::size_t t = 0; t < trees; ++t) {
      made.trees.emplace_back(1);
      made.covers.push_back({1000});
      grow(made, 0, depth);
    }
    return made;
  }

private:
  void grow(tree_ensemble& into, std::uint32_t at, std::size_t depth) {
    if (depth == 0 || (at > 0 && dice_() % 5 == 0)) {
      std::vector<double> values(into.outputs);
      for (auto& value : values)
        value = static_cast<double>(dice_() % 100) - 50;
      into.trees.back()[at].leaf = into.add_leaf(values);
      return;
    }
    const auto left = static_cast<std::uint32_t>(into.trees.back().size());
    into.trees.back().resize(left + 2);
    auto& node = into.trees.back()[at];
    node.feature = static_cast<std::uint32_t>(dice_() % features);
    node.threshold = static_cast<double>(dice_() % 10);
    node.missing_goes_left = dice_() % 2 == 0;
    if (tests_sets_ && dice_() % 3 > 0)
      test_a_set(node, into);
    node.left = left;
    node.right = left + 1;
    auto& covers = into.covers.back();
    const auto share = covers[at] * static_cast<float>(dice_() % 9) / 8; // none at times
    covers.resize(left + 2);
    covers[left] = share;
    covers[left + 1] = covers[at] - share;
    grow(into, left, depth - 1);
    grow(into, left + 1, depth - 1);
  }

  void test_a_set(tree_node& node, tree_ensemble& into) {
    node.test = dice_() % 3 == 0 ? tree_test::equal : tree_test::member;
    node.threshold += 0.5;
    node.set = static_cast<std::uint32_t>(into.sets.size());
    auto& set = into.sets.emplace_back();
    for (int value = 0; value < 10; ++value)
      if (dice_() % 2 == 0)
        set.push_back(value + 0.5);
  }

  std::mt19937_64 dice_;
  bool tests_sets_;
};

std::vector<double> random_row(std::mt19937_64& dice) {
  std::vector<double> row(features);
  for (auto& x : row)
    x = dice() % 12 == 0 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(dice() % 10) + 0.5;
  return row;
}

std::vector<double> explained(const tree_shap& by, const std::vector<double>& row) {
  std::vector<const double*> columns;
  for (const auto& x : row)
    columns.push_back(&x);
  std::vector<double> values(by.features() * by.outputs());
  std::vector<double*> into;
  for (auto& value : values)
    into.push_back(&value);
  by.explain(columns.data(), 1, into.data());
  return values;
}

class tree_shap_definition_test : public testing::TestWithParam<bool> {};

TEST_P(tree_shap_definition_test, gives_what_the_definition_gives) {
  std::mt19937_64 dice{1};
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const auto outputs = 1 + seed % 2;
    const auto trees = random_trees{seed, GetParam()}.make(3, 1 + seed % 7, outputs);
    const auto by = tree_shap::make(trees, {0, 1, 2, 3}, features);
    ASSERT_TRUE(by) << by.error().text();
    for (std::size_t output = 0; output < outputs; ++output) {
      const auto expected = expectation(trees, std::vector<double>(features), 0, output);
      EXPECT_NEAR(by->expected()[output], expected, 1e-9) << seed;
    }
    for (int i = 0; i < 20; ++i) {
      const auto row = random_row(dice);
      const auto values = explained(*by, row);
      for (std::size_t output = 0; output < outputs; ++output) {
        double sum = by->expected()[output];
        for (std::size_t f = 0; f < features; ++f) {
          const auto value = values[output * features + f];
          EXPECT_NEAR(value, value_by_definition(trees, row, f, output), 1e-9) << seed << " feature " << f;
          sum += value;
        }
        EXPECT_NEAR(sum, expectation(trees, row, ~0u, output), 1e-9) << seed;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(splits, tree_shap_definition_test, testing::Bool(),
                         [](const auto& of) { return of.param ? "by_sets" : "by_thresholds"; });

TEST(tree_shap_test, adds_up_the_columns_that_one_feature_becomes) {
  const auto trees = random_trees{7}.make(3, 5, 1);
  const auto apart = tree_shap::make(trees, {0, 1, 2, 3}, features);
  const auto together = tree_shap::make(trees, {0, 1, 1, 1}, 3);
  ASSERT_TRUE(apart && together);
  const std::vector<double> row{1, 7, 3, 5};
  const auto values = explained(*apart, row);
  const auto sums = explained(*together, row);
  EXPECT_EQ(sums[0], values[0]);
  EXPECT_NEAR(sums[1], values[1] + values[2] + values[3], 1e-12);
  EXPECT_EQ(sums[2], 0) << "no column is made of it";
}

TEST(tree_shap_test, averages_where_the_trees_are_averaged) {
  auto trees = random_trees{3}.make(4, 4, 1);
  const std::vector<double> row{1, 7, 3, 5};
  const auto sums = explained(*tree_shap::make(trees, {0, 1, 2, 3}, features), row);
  trees.aggregate = aggregation::average;
  const auto means = explained(*tree_shap::make(trees, {0, 1, 2, 3}, features), row);
  for (std::size_t f = 0; f < features; ++f)
    EXPECT_NEAR(means[f], sums[f] / 4, 1e-12);
}

TEST(tree_shap_test, is_refused_where_nobody_has_counted_the_rows) {
  auto trees = random_trees{3}.make(4, 4, 1);
  const auto problem = [&] {
    const auto made = tree_shap::make(trees, {0, 1, 2, 3}, features);
    return made ? "" : made.error().what;
  };
  const std::string uncounted =
      "the model's file does not say how many rows of the training data went through each node";
  EXPECT_EQ(problem(), "");
  for (auto& covers : trees.covers)
    std::fill(covers.begin(), covers.end(), 1.0F); // as skl2onnx writes them
  EXPECT_EQ(problem(), uncounted);
  trees.covers.clear();
  EXPECT_EQ(problem(), uncounted);
  trees.aggregate = aggregation::max;
  EXPECT_EQ(problem(), "trees of which the least or the largest counts cannot be explained");
}

} // namespace
} // namespace weir::models
