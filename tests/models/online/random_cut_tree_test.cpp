#include "models/online/random_cut_tree.hpp"

#include "models/online/random_cut_forest.hpp"
#include "tests/models/online/outlier_fixture.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace weir::models::online {
namespace {

/// A tree with its bytes.
class owned_tree {
public:
  explicit owned_tree(const random_cut_layout& layout) : layout_{layout}, words_(layout.bytes() / 8) {}

  random_cut_tree tree() { return {reinterpret_cast<std::byte*>(words_.data()), layout_}; }

  /// How many others the last row, or each of those that are with it, make deeper: the definition.
  double displacement_of_last() {
    const auto* const words = reinterpret_cast<const std::uint32_t*>(words_.data());
    const auto* const leaves = reinterpret_cast<const random_cut_layout::leaf*>(words + layout_.leaf_begin());
    const auto* const cuts = reinterpret_cast<const random_cut_layout::cut*>(words + layout_.cut_begin());
    const auto mass = [&](std::uint32_t node) {
      return node < layout_.samples ? leaves[node].mass : cuts[node - layout_.samples].mass;
    };
    double most = 0;
    for (auto node = words[layout_.sample_begin() + tree().rows() - 1]; node != words[0];) {
      const auto above = node < layout_.samples ? leaves[node].parent : cuts[node - layout_.samples].parent;
      const auto& at = cuts[above - layout_.samples];
      const auto other = at.left == node ? at.right : at.left;
      most = std::max(most, static_cast<double>(mass(other)) / mass(node));
      node = above;
    }
    return most;
  }

private:
  random_cut_layout layout_;
  std::vector<std::uint64_t> words_;
};

std::vector<float> random_row(std::mt19937& random, std::size_t inputs) {
  std::vector<float> made;
  for (std::size_t f = 0; f < inputs; ++f)
    made.push_back(static_cast<float>(random() % 1000) / 100);
  return made;
}

/// A tree of random rows with room for one more.
owned_tree grown_tree(const random_cut_layout& layout, std::mt19937& random) {
  owned_tree made{layout};
  for (std::size_t i = 0; i + 1 < layout.samples; ++i)
    made.tree().insert(random_row(random, layout.inputs).data(), i);
  return made;
}

TEST(random_cut_tree_test, expects_the_displacement_that_rows_have_which_are_inserted) {
  std::mt19937 random{1};
  auto grown = grown_tree({.inputs = 3, .samples = 64}, random);
  for (const auto& row : {std::vector<float>{5, 5, 5}, std::vector<float>{5, 5, 14}, std::vector<float>{30, -20, 5},
                          std::vector<float>{0, 10, 0}}) {
    double sum = 0;
    constexpr int times = 4000;
    for (int i = 0; i < times; ++i) {
      auto other = grown;
      other.tree().insert(row.data(), 1000 + static_cast<std::uint64_t>(i));
      sum += std::log2(1 + other.displacement_of_last());
    }
    EXPECT_NEAR(grown.tree().displacement(row.data()), sum / times, 0.06);
  }
}

TEST(random_cut_tree_test, is_as_before_when_a_row_has_come_and_gone) {
  std::mt19937 random{2};
  auto tree = grown_tree({.inputs = 2, .samples = 32}, random);
  for (std::uint64_t i = 0; i < 200; ++i) {
    const auto asked = random_row(random, 2), row = random_row(random, 2);
    const auto before = tree.tree().displacement(asked.data());
    tree.tree().insert(row.data(), 100 + i);
    tree.tree().remove(31);
    ASSERT_EQ(tree.tree().displacement(asked.data()), before);
  }
}

TEST(random_cut_tree_test, stays_a_tree_whatever_comes_and_goes) {
  for (const std::size_t samples : {2, 3, 40}) {
    const random_cut_layout layout{.inputs = 2, .samples = samples};
    std::mt19937 random{3};
    owned_tree tree{layout};
    EXPECT_TRUE(tree.tree().valid());
    for (std::uint64_t i = 0; i < 3000; ++i) {
      const auto rows = tree.tree().rows();
      if (rows == samples || (rows > 0 && random() % 3 == 0)) {
        tree.tree().remove(random() % rows);
      } else {
        auto row = random_row(random, 2);
        if (random() % 2 == 0)
          row = {1, static_cast<float>(random() % 2)}; // many are the same
        tree.tree().insert(row.data(), i);
      }
      ASSERT_TRUE(tree.tree().valid()) << i;
    }
  }
}

TEST(random_cut_tree_test, another_value_of_a_constant_input_is_as_unusual_as_can_be) {
  auto stream = test::normal_rows(1500, 3, 4);
  for (std::size_t i = 0; i < stream.size(); ++i)
    stream.rows[3 * i + 1] = i == 1400 ? 2.001 : 2;
  test::trained model{random_cut_forest(3, {})};
  model.learn_without_checks(stream);
  EXPECT_EQ(test::most_unusual(model.predicted), 1400u);
  EXPECT_GT(model.predicted[1400], 0.99);
}

TEST(random_cut_tree_test, forests_forget) {
  auto stream = test::normal_rows(4000, 2, 5);
  for (std::size_t i = 2 * 2000; i < stream.rows.size(); ++i)
    stream.rows[i] += 100;
  test::trained model{random_cut_forest(2, {.window_size = 300})};
  model.learn_without_checks(stream);
  const auto before = test::mean_of(model.predicted, 1000, 2000);
  EXPECT_GT(test::mean_of(model.predicted, 2000, 2005), before + 0.2);
  EXPECT_NEAR(test::mean_of(model.predicted, 3500, 4000), before, 0.03);
}

} // namespace
} // namespace weir::models::online
