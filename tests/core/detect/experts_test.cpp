#include "core/base/civil_time.hpp"
#include "core/detect/fading_forecast.hpp"
#include "core/detect/record_margin.hpp"
#include "core/detect/relative_entropy.hpp"
#include "core/detect/seasonal_profile.hpp"
#include "core/detect/streaming_octiles.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <random>

namespace weir::core {
namespace {

TEST(fading_mean_test, is_the_mean_at_first_and_then_fades) {
  fading_mean mean{};
  for (const double value : {1.0, 2.0, 6.0})
    mean.add(value, 0.25);
  EXPECT_NEAR(mean.mean, 3, 1e-12);
  mean.add(7, 0.25);
  EXPECT_NEAR(mean.mean, 4, 1e-12);
  mean.add(8, 0.25); // the weight stays a quarter
  EXPECT_NEAR(mean.mean, 5, 1e-12);
}

TEST(fading_forecast_test, expects_the_level_and_knows_the_spread) {
  fading_forecast forecast{};
  for (int i = 0; i < 20; ++i) {
    EXPECT_FALSE(forecast.ready());
    forecast.learn(i % 2 ? 11 : 9, 100);
  }
  for (int i = 0; i < 2000; ++i)
    forecast.learn(i % 2 ? 11 : 9, 100);
  ASSERT_TRUE(forecast.ready());
  EXPECT_NEAR(forecast.expected().value, 10, 0.05);
  EXPECT_NEAR(forecast.expected().spread, 1, 0.05);
  forecast.learn(1e9, 100); // one far out does not teach that such are usual
  EXPECT_LT(forecast.expected().spread, 1.2);
  EXPECT_TRUE(forecast.valid());
}

TEST(seasonal_profile_test, expects_what_was_usual_at_the_hour) {
  seasonal_profile profile{};
  const auto at = [](int day, int minute) { return day * ms_per_day + minute * (ms_per_hour / 60); };
  for (int day = 0; day < 10; ++day)
    for (int minute = 0; minute < 1440; minute += 5) {
      if (day < 2) {
        EXPECT_FALSE(profile.ready(at(day, minute))) << day << ' ' << minute;
      }
      profile.learn((minute / 60 == 13 ? 100 : 10) + (minute / 5) % 2, at(day, minute));
    }
  ASSERT_TRUE(profile.ready(at(10, 0)));
  EXPECT_NEAR(profile.expected(at(10, 0)).value, 10.5, 0.1);
  EXPECT_NEAR(profile.expected(at(10, 13 * 60 + 30)).value, 100.5, 0.1);
  EXPECT_NEAR(profile.expected(at(10, 0)).spread, 0.5, 0.2);
  EXPECT_TRUE(profile.valid());
}

TEST(seasonal_profile_test, takes_times_before_1970_and_times_that_go_back) {
  seasonal_profile profile{};
  for (int i = 2000; i-- > 0;)
    profile.learn(1, -ms_per_hour * i / 3 * (i % 2 ? 1 : -1));
  EXPECT_TRUE(profile.valid());
  EXPECT_EQ(profile.expected(-1).value, 1);
}

TEST(record_margin_test, is_the_share_of_the_range_by_which_a_value_exceeds_it) {
  record_margin record{};
  EXPECT_EQ(record.of(7), 0);
  record.learn(7);
  EXPECT_EQ(record.of(7), 0);
  EXPECT_NEAR(record.of(8), 1 - record_margin::least, 1e-12);
  record.learn(17);
  EXPECT_EQ(record.of(10), 0);
  EXPECT_EQ(record.of(17.1), 0);
  EXPECT_NEAR(record.of(22), 0.5 - record_margin::least, 1e-12);
  EXPECT_NEAR(record.of(-3), 1 - record_margin::least, 1e-12);
  EXPECT_TRUE(record.valid());
}

TEST(streaming_octiles_test, part_a_stream_into_equal_shares_and_follow_it) {
  std::mt19937_64 random{3};
  std::normal_distribution<double> normal;
  streaming_octiles octiles{};
  for (const double shift : {0.0, 5.0}) {
    for (int i = 0; i < 5000; ++i)
      octiles.add(normal(random) + shift);
    EXPECT_NEAR(octiles.median(), shift, 0.15);
    EXPECT_NEAR(octiles.lower_quartile(), shift - 0.674, 0.15);
    EXPECT_NEAR(octiles.upper_quartile(), shift + 0.674, 0.15);
  }
  EXPECT_EQ(octiles.add(-100), 0u);
  EXPECT_EQ(octiles.add(100), streaming_octiles::shares - 1);
  EXPECT_TRUE(octiles.valid());
}

TEST(streaming_octiles_test, begins_to_follow_a_series_that_was_constant) {
  std::mt19937_64 random{4};
  std::normal_distribution<double> normal{50, 2};
  streaming_octiles octiles{};
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(octiles.add(1), 0u);
  for (int i = 0; i < 5000; ++i)
    octiles.add(normal(random));
  EXPECT_NEAR(octiles.median(), 50, 0.5);
}

TEST(relative_entropy_test, is_small_while_the_distribution_stays_and_large_when_it_changes) {
  std::mt19937_64 random{5};
  std::normal_distribution<double> normal;
  relative_entropy entropy{};
  for (std::size_t i = 0; i + 1 < 2 * relative_entropy::window; ++i)
    EXPECT_EQ(entropy.add(normal(random)).whole, 0);
  double largest = 0, largest_half = 0;
  for (int i = 0; i < 3000; ++i) {
    const auto [whole, half] = entropy.add(normal(random));
    largest = std::max(largest, whole);
    largest_half = std::max(largest_half, half);
  }
  EXPECT_LT(largest, 0.6);
  EXPECT_LT(largest_half, 1.0);
  double constant = 0;
  for (std::size_t i = 0; i < relative_entropy::window; ++i) {
    const auto [whole, half] = entropy.add(0.01);
    constant = whole;
    if (i + 1 == relative_entropy::window / 2) { // the shorter window has forgotten the rest
      EXPECT_GT(half, std::log(3));
      EXPECT_LT(whole, half);
    }
  }
  // All in the one or two shares that had about an eighth each, as the levels move meanwhile.
  EXPECT_GT(constant, std::log(3));
  EXPECT_LT(constant, std::log(9));
  EXPECT_TRUE(entropy.valid());
}

} // namespace
} // namespace weir::core
