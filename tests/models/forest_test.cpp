#include "models/forest.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <random>

namespace weir::models {
namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

class forest_test : public testing::Test {
protected:
  forest_test() { ensemble.features = 3; }

  /// A random tree; `lean` is how likely a node on the left stays a leaf.
  void grow(std::size_t splits, double lean, const std::vector<float>& thresholds) {
    decision_tree tree(1);
    std::vector<std::uint32_t> leaves{0};
    for (std::size_t i = 0; i < splits; ++i) {
      const auto at = lean > 0.5 ? leaves.back() : leaves[random() % leaves.size()];
      std::erase(leaves, at);
      const auto left = static_cast<std::uint32_t>(tree.size());
      tree_node split;
      split.threshold = static_cast<double>(thresholds[random() % thresholds.size()]);
      split.feature = static_cast<std::uint32_t>(random() % ensemble.features);
      split.left = left;
      split.right = left + 1;
      split.missing_goes_left = random() % 4 == 0;
      tree[at] = split;
      tree.resize(tree.size() + 2);
      leaves.insert(leaves.end(), {left, left + 1});
    }
    for (auto& node : tree)
      if (node.is_leaf()) {
        std::vector<double> values;
        for (std::size_t k = 0; k < ensemble.outputs; ++k)
          values.push_back(static_cast<double>(static_cast<float>(random() % 1000) / 7));
        node.leaf = ensemble.add_leaf(values);
      }
    ensemble.trees.push_back(tree);
  }

  /// As the definition says, a node at a time: output by output.
  std::vector<double> naive(const std::vector<float>& columns, std::size_t rows) const {
    std::vector<double> sums(rows * ensemble.outputs);
    for (const auto& tree : ensemble.trees)
      for (std::size_t r = 0; r < rows; ++r) {
        const auto* node = &tree[0];
        while (!node->is_leaf()) {
          const auto x = columns[node->feature * rows + r];
          const auto goes_left = std::isnan(x) ? node->missing_goes_left : static_cast<double>(x) <= node->threshold;
          node = &tree[goes_left ? node->left : node->right];
        }
        for (const auto& [output, value] : ensemble.leaf(node->leaf))
          sums[output * rows + r] += value;
      }
    return sums;
  }

  template <class T>
  void predict(const forest& trees, const std::vector<T>& columns, std::size_t rows, std::vector<double>& sums,
               const walk::functions& walk) const {
    std::vector<const T*> features;
    std::vector<double*> into;
    for (std::size_t f = 0; f < ensemble.features; ++f)
      features.push_back(columns.data() + f * rows);
    for (std::size_t k = 0; k < ensemble.outputs; ++k)
      into.push_back(sums.data() + k * rows);
    trees.predict(features.data(), rows, into.data(), walk);
  }

  void expect_the_leaves_of_the_definition(const std::vector<float>& thresholds, std::size_t rows) {
    ASSERT_TRUE(check(ensemble)) << check(ensemble).error().text();
    const auto trees = forest::make(ensemble);
    ASSERT_TRUE(trees) << trees.error().text();
    std::vector<float> columns;
    for (std::size_t i = 0; i < rows * ensemble.features; ++i) {
      const auto t = thresholds[random() % thresholds.size()];
      const float choices[] = {t, std::nextafter(t, infinity), std::nextafter(t, -infinity), nan, infinity, -infinity,
                               -t};
      columns.push_back(choices[random() % std::size(choices)]);
    }
    const auto expected = naive(columns, rows);
    for (const auto& walk : {walk::choose(), walk::portable()}) {
      std::vector<double> sums(rows * ensemble.outputs, 7.0);
      predict(*trees, columns, rows, sums, walk);
      EXPECT_EQ(sums, expected);
    }
  }

  std::vector<float> some_thresholds(std::size_t count) {
    std::vector<float> made{0.f, -0.f};
    std::normal_distribution<float> value{0, 100};
    while (made.size() < count)
      made.push_back(value(random));
    return made;
  }

  std::mt19937_64 random{1};
  tree_ensemble ensemble;
};

TEST_F(forest_test, finds_the_leaves_of_trees_of_every_shape) {
  const auto thresholds = some_thresholds(50);
  for (const std::size_t splits : {0u, 1u, 2u, 5u, 31u, 60u, 500u, 3000u})
    for (const auto lean : {0.0, 1.0})
      grow(splits, lean, thresholds);
  expect_the_leaves_of_the_definition(thresholds, 1500);
}

TEST_F(forest_test, finds_the_leaves_of_several_outputs) {
  ensemble.outputs = 3;
  const auto thresholds = some_thresholds(20);
  for (const std::size_t splits : {0u, 7u, 40u, 700u})
    grow(splits, 0, thresholds);
  expect_the_leaves_of_the_definition(thresholds, 333);
}

TEST_F(forest_test, scores_a_few_rows_as_it_scores_many) {
  const auto thresholds = some_thresholds(300);
  for (const std::size_t splits : {0u, 3u, 31u, 500u, 500u, 500u, 500u, 500u, 500u, 2000u})
    for (const auto lean : {0.0, 1.0})
      grow(splits, lean, thresholds);
  for (std::size_t rows = 1; rows <= forest::least_group; ++rows)
    expect_the_leaves_of_the_definition(thresholds, rows);
}

TEST_F(forest_test, compares_doubles_that_are_the_same_float) {
  ensemble.compares_doubles = true;
  ensemble.features = 1;
  tree_node split;
  split.threshold = 0.1;
  split.left = 1;
  split.right = 2;
  decision_tree tree{split, {}, {}};
  tree[1].leaf = ensemble.add_leaf(std::array{1.0});
  tree[2].leaf = ensemble.add_leaf(std::array{2.0});
  ensemble.trees.push_back(tree);
  const std::vector<double> columns{0.1, std::nextafter(0.1, 1.0), std::nextafter(0.1, 0.0), std::nan("")};
  for (const std::size_t times : {1u, 20u}) {
    std::vector<double> many, expected;
    for (std::size_t i = 0; i < times; ++i) {
      many.insert(many.end(), columns.begin(), columns.end());
      expected.insert(expected.end(), {1, 2, 1, 2});
    }
    std::vector<double> sums(many.size());
    predict(*forest::make(ensemble), many, many.size(), sums, walk::portable());
    EXPECT_EQ(sums, expected);
  }
}

TEST_F(forest_test, keeps_apart_more_thresholds_than_a_channel_holds) {
  const auto thresholds = some_thresholds(150'000);
  for (int i = 0; i < 3; ++i)
    grow(60'000, 0, thresholds);
  expect_the_leaves_of_the_definition(thresholds, 2000);
}

TEST_F(forest_test, compares_with_infinite_thresholds) {
  const std::vector<float> thresholds{-infinity, 1, infinity};
  grow(40, 0, thresholds);
  expect_the_leaves_of_the_definition(thresholds, 200);
}

TEST_F(forest_test, scores_nothing_where_there_are_no_rows) {
  grow(5, 0, {1});
  std::vector<double> sums{42};
  auto* into = sums.data();
  forest::make(ensemble)->predict(static_cast<const float* const*>(nullptr), 0, &into);
  EXPECT_EQ(sums, std::vector<double>{42});
}

TEST_F(forest_test, says_when_there_are_too_many_features) {
  ensemble.features = 5000;
  grow(20'000, 0, {1});
  const auto made = forest::make(ensemble);
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().what.find("too many features"), std::string::npos);
}

class tree_check_test : public forest_test {
protected:
  tree_check_test() { grow(10, 0, {1, 2}); }

  std::string problem() const {
    const auto checked = check(ensemble);
    return checked ? "" : checked.error().what;
  }
};

TEST_F(tree_check_test, names_what_is_wrong_with_a_tree) {
  EXPECT_EQ(problem(), "");
  const auto good = ensemble;
  auto& root = ensemble.trees[0][0];
  root.left = 99;
  EXPECT_EQ(problem(), "tree 0: node 0: a child is not there");
  ensemble = good;
  ensemble.trees[0][0].feature = 3;
  EXPECT_EQ(problem(), "tree 0: node 0: it splits by feature 3 of 3");
  ensemble = good;
  ensemble.trees[0][0].threshold = std::nan("");
  EXPECT_EQ(problem(), "tree 0: node 0: its threshold is not a number");
  ensemble = good;
  ensemble.trees[0][0].right = ensemble.trees[0][0].left;
  EXPECT_EQ(problem(), "tree 0: node 1 has two parents");
  ensemble = good;
  ensemble.leaf_begins.pop_back();
  EXPECT_NE(problem().find("the leaf has no value"), std::string::npos);
  ensemble = good;
  ensemble.trees.emplace_back();
  EXPECT_EQ(problem(), "tree 1: no nodes");
  ensemble = good;
  ensemble.trees[0].push_back(ensemble.trees[0].back());
  EXPECT_EQ(problem(), "tree 0: its nodes are not one tree");
}

} // namespace
} // namespace weir::models
