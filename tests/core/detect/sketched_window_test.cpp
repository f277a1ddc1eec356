#include "core/detect/sketched_window.hpp"

#include "core/base/sorted_values.hpp"
#include "core/keyed/sorted_window.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <deque>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

TEST(sorted_values_test, has_numpys_quantiles_and_the_median_distance_of_the_definition) {
  EXPECT_DOUBLE_EQ(quantile_of_sorted(std::vector<double>{1, 2, 4, 8}, 0.25), 1.75);
  std::mt19937_64 random{1};
  for (std::size_t size = 1; size < 60; ++size)
    for (int draw = 0; draw < 20; ++draw) {
      std::vector<double> values(size), distances;
      for (auto& value : values)
        value = static_cast<double>(random() % (draw < 10 ? 5 : 1000));
      std::ranges::sort(values);
      const auto median = quantile_of_sorted(values, 0.5);
      for (const auto value : values)
        distances.push_back(std::abs(value - median));
      std::ranges::sort(distances);
      ASSERT_DOUBLE_EQ(median_distance_of_sorted(values), quantile_of_sorted(distances, 0.5)) << size;
    }
}

TEST(sorted_window_test, holds_the_last_values_in_their_order) {
  std::mt19937_64 random{2};
  for (const std::uint32_t capacity : {1u, 2u, 7u, 30u}) {
    std::vector<double> room(sorted_window::bytes(capacity) / sizeof(double));
    auto& window = *reinterpret_cast<sorted_window*>(room.data());
    std::deque<double> last;
    for (int i = 0; i < 300; ++i) {
      const auto x = static_cast<double>(random() % 12);
      window.push(x, capacity);
      last.push_back(x);
      if (last.size() > capacity)
        last.pop_front();
      auto expected = last;
      std::ranges::sort(expected);
      ASSERT_TRUE(std::ranges::equal(window.values(capacity), expected)) << capacity << ' ' << i;
    }
  }
}

/// By how much of the values a quantile lies elsewhere.
double rank_error(const std::deque<double>& of, double value, double share) {
  const auto below = static_cast<double>(std::ranges::count_if(of, [=](double x) { return x < value; }));
  return std::abs(below / static_cast<double>(of.size()) - share);
}

TEST(sketched_window_test, knows_the_middle_of_the_last_values_within_its_error) {
  constexpr std::uint32_t last = 8000;
  std::mt19937_64 random{3};
  std::lognormal_distribution<double> heavy;
  sketched_window window{};
  std::deque<double> values;
  double worst = 0;
  for (std::size_t i = 0; i < 60'000; ++i) {
    const auto x = heavy(random) * (i < 30'000 ? 1 : 5);
    window.push(x, last);
    values.push_back(x);
    if (values.size() > last)
      values.pop_front();
    if (i < last || i % 1000 != 999) // a block is full
      continue;
    ASSERT_EQ(window.count(last), last);
    const auto& found = window.of_last();
    worst = std::max({worst, rank_error(values, found.lower_quartile, 0.25), rank_error(values, found.median, 0.5),
                      rank_error(values, found.upper_quartile, 0.75)});
    std::vector<double> distances;
    for (const auto value : values)
      distances.push_back(std::abs(value - found.median));
    std::ranges::sort(distances);
    EXPECT_NEAR(found.median_distance, quantile_of_sorted(distances, 0.5), 0.08 * found.median_distance) << i;
  }
  EXPECT_LT(worst, 0.022);
}

TEST(sketched_window_test, has_a_middle_before_a_block_is_full) {
  sketched_window window{};
  std::mt19937_64 random{4};
  std::normal_distribution<double> normal{50, 2};
  for (int i = 0; i < 200; ++i)
    window.push(normal(random), 1'000'000);
  EXPECT_GE(window.count(1'000'000), 160u);
  EXPECT_NEAR(window.of_last().median, 50, 0.6);
  EXPECT_NEAR(window.of_last().median_distance, 1.35, 0.3);
}

TEST(sketched_window_test, refuses_bytes_that_are_no_state) {
  constexpr std::uint32_t last = 2000;
  sketched_window window{};
  EXPECT_TRUE(window.valid(last));
  for (int i = 0; i < 5000; ++i) {
    window.push(std::sin(i), last);
    ASSERT_TRUE(window.valid(last)) << i;
  }
  std::size_t refused = 0;
  for (std::size_t at = 0; at + 8 <= sizeof window; at += 8) {
    auto damaged = window;
    std::memset(reinterpret_cast<char*>(&damaged) + at, 0xff, 8);
    refused += damaged.valid(last) ? 0 : 1;
    if (damaged.valid(last))
      for (int i = 0; i < 300; ++i)
        damaged.push(i, last);
  }
  EXPECT_GT(refused, 500u);
}

} // namespace
} // namespace weir::core
