#include "models/kinds/option_search.hpp"

#include <gtest/gtest.h>

#include <set>

namespace weir::models {
namespace {

TEST(option_search_test, a_grid_is_all_combinations) {
  const std::vector<option_choice> choices{{"depth", {"2", "3"}}, {"trees", {"10", "20", "30"}}};
  EXPECT_EQ(grid_size(choices), 6u);
  const auto all = grid_of(choices);
  ASSERT_EQ(all.size(), 6u);
  EXPECT_EQ(all[0], (option_texts{{"depth", "2"}, {"trees", "10"}}));
  EXPECT_EQ(all[1], (option_texts{{"depth", "2"}, {"trees", "20"}}));
  EXPECT_EQ(all[5], (option_texts{{"depth", "3"}, {"trees", "30"}}));
}

TEST(option_search_test, what_is_drawn_lies_in_its_range_and_differs) {
  const std::vector<option_choice> choices{{"rate", {}, option_range{0.001, 1, true, false}},
                                           {"depth", {}, option_range{2, 4, false, true}},
                                           {"kind", {"a", "b"}}};
  const auto drawn = draw_options(choices, 200, 7);
  EXPECT_EQ(std::set(drawn.begin(), drawn.end()).size(), drawn.size());
  std::set<std::string> depths, kinds;
  int small = 0;
  for (const auto& one : drawn) {
    const auto rate = std::stod(one.at("rate"));
    EXPECT_GE(rate, 0.001);
    EXPECT_LE(rate, 1);
    small += rate < 0.0316;
    depths.insert(one.at("depth"));
    kinds.insert(one.at("kind"));
  }
  EXPECT_NEAR(small, 100, 30); // half of them, by the logarithm
  EXPECT_EQ(depths, (std::set<std::string>{"2", "3", "4"}));
  EXPECT_EQ(kinds, (std::set<std::string>{"a", "b"}));
  EXPECT_EQ(draw_options(choices, 200, 7), drawn);
  EXPECT_NE(draw_options(choices, 200, 8), drawn);
}

TEST(option_search_test, nothing_is_tried_twice) {
  EXPECT_EQ(draw_options(std::vector<option_choice>{{"kind", {"a", "b"}}}, 50, 1).size(), 2u);
}

} // namespace
} // namespace weir::models
