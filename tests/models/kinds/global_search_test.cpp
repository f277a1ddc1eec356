#include "models/kinds/global_search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace weir::models {
namespace {

/// How far from the least of a function with many valleys, at 0.3 and 0.02.
double height(double x, double y) {
  const auto across = x - 0.3;
  const auto along = std::log10(y / 0.02);
  return across * across + along * along / 4 + 0.02 * (2 - std::cos(20 * across) - std::cos(10 * along));
}

const std::vector<option_choice> ranges{{"x", {}, option_range{-2, 3, false, false}},
                                        {"y", {}, option_range{1e-4, 10, true, false}}};

double height_of(const option_texts& at) {
  return height(std::stod(at.at("x")), std::stod(at.at("y")));
}

double least_of_global(std::uint64_t seed, int trials) {
  global_search search{ranges, seed};
  auto least = 1e9;
  for (int i = 0; i < trials; ++i) {
    const auto found = height_of(search.next());
    search.tell(-found);
    least = std::min(least, found);
  }
  return least;
}

double least_of_random(std::uint64_t seed, std::size_t trials) {
  auto least = 1e9;
  for (const auto& at : draw_options(ranges, trials, seed))
    least = std::min(least, height_of(at));
  return least;
}

TEST(global_search_test, comes_nearer_to_the_least_than_drawing_as_often) {
  for (const std::uint64_t seed : {1u, 2u, 3u, 4u, 5u}) {
    const auto found = least_of_global(seed, 40);
    EXPECT_LT(found, 1e-3);
    EXPECT_LT(found, least_of_random(seed, 40));
  }
}

TEST(global_search_test, the_same_seed_and_scores_choose_the_same) {
  global_search one{ranges, 3}, same{ranges, 3}, other{ranges, 4};
  bool differs = false;
  for (int i = 0; i < 15; ++i) {
    const auto at = one.next();
    EXPECT_EQ(same.next(), at);
    differs |= other.next() != at;
    for (auto* search : {&one, &same, &other})
      search->tell(-height_of(at));
  }
  EXPECT_TRUE(differs);
}

TEST(global_search_test, keeps_to_the_ranges_and_to_whole_numbers) {
  const std::vector<option_choice> whole{{"few", {}, option_range{2, 4, false, true}},
                                         {"many", {}, option_range{1, 1000, true, true}}};
  global_search search{whole, 1};
  std::set<std::string> few;
  for (int i = 0; i < 30; ++i) {
    const auto at = search.next();
    few.insert(at.at("few"));
    const auto many = std::stoul(at.at("many"));
    EXPECT_EQ(std::to_string(many), at.at("many"));
    EXPECT_GE(many, 1u);
    EXPECT_LE(many, 1000u);
    search.tell(std::stod(at.at("few")) - static_cast<double>(many) / 1000);
  }
  EXPECT_TRUE(std::ranges::includes(std::set<std::string>{"2", "3", "4"}, few));
  EXPECT_TRUE(few.contains("4"));
}

TEST(global_search_test, a_score_that_is_no_number_does_not_end_it) {
  global_search search{ranges, 1};
  auto least = 1e9;
  for (int i = 0; i < 50; ++i) {
    const auto found = height_of(search.next());
    search.tell(i % 5 == 0 ? std::nan("") : -found);
    least = std::min(least, found);
  }
  EXPECT_LT(least, 1e-2);
}

} // namespace
} // namespace weir::models
