#include "models/nested_sets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace weir::models {
namespace {

using sets_of_numbers = std::vector<std::vector<double>>;

TEST(nested_sets_test, tells_every_number_of_every_set) {
  std::mt19937 random{7};
  sets_of_numbers sets;
  for (int i = 0; i < 200; ++i) {
    auto& set = sets.emplace_back();
    const auto share = 1 + random() % 9;
    for (int x = 0; x < 40; ++x)
      if (random() % 10 < share)
        set.push_back(x);
  }
  const auto made = set_chains::make(sets);
  ASSERT_TRUE(made);
  for (const auto& set : sets) {
    const auto [chain, index] = made->find(set);
    for (std::size_t x = 0; x < 60; ++x)
      EXPECT_EQ(made->chains()[chain].code_of(x) <= index, std::ranges::binary_search(set, static_cast<double>(x)));
  }
}

TEST(nested_sets_test, has_one_chain_for_sets_that_are_in_each_other) {
  const auto made = set_chains::make({{1, 4}, {4}, {0, 1, 4, 9}, {4}});
  ASSERT_TRUE(made);
  ASSERT_EQ(made->chains().size(), 1u);
  EXPECT_EQ(made->chains()[0].count, 3u);
  EXPECT_EQ(made->find({0, 1, 4, 9}).index, 2u);
  EXPECT_EQ(set_chains::make({{1}, {2}})->chains().size(), 2u);
}

TEST(nested_sets_test, takes_small_whole_numbers_alone) {
  for (const auto x : {-1.0, 0.5, 65'535.0, 1e300})
    EXPECT_FALSE(set_chains::make({{x}})) << x;
  EXPECT_TRUE(set_chains::make({{0, set_chains::most}, {}}));
}

} // namespace
} // namespace weir::models
