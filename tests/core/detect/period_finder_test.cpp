#include "core/detect/period_finder.hpp"

#include <cmath>
#include <functional>
#include <numbers>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

/// All periods that are told, one after the other.
std::vector<std::size_t> told(const std::function<double(std::size_t)>& series, std::size_t count) {
  period_finder finder{};
  std::vector<std::size_t> made;
  for (std::size_t i = 0; i < count; ++i)
    if (finder.push(series(i)))
      made.push_back(finder.period());
  EXPECT_TRUE(finder.valid());
  return made;
}

double wave(std::size_t i, std::size_t period) {
  return std::sin(2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(period));
}

TEST(period_finder_test, finds_the_period_of_a_noisy_wave_on_a_trend) {
  std::mt19937_64 random{1};
  std::normal_distribution<double> noise;
  for (const std::size_t period : {5, 7, 12, 24, 48, 96}) {
    const auto found =
        told([&](std::size_t i) { return 0.02 * static_cast<double>(i) + 2 * wave(i, period) + noise(random); }, 2048);
    ASSERT_FALSE(found.empty()) << period;
    EXPECT_EQ(found.back(), period);
  }
}

TEST(period_finder_test, finds_the_week_behind_the_day) {
  std::mt19937_64 random{2};
  std::normal_distribution<double> noise;
  const auto found = told(
      [&](std::size_t i) {
        const auto hour = i % 24, day = i / 24 % 7;
        return (hour > 8 && hour < 20 ? 3.0 : 0.0) * (day < 5 ? 1.0 : 0.3) + 0.5 * noise(random);
      },
      2048);
  EXPECT_EQ(found, (std::vector<std::size_t>{24, 168}));
}

TEST(period_finder_test, finds_another_period_when_it_changes) {
  std::mt19937_64 random{3};
  std::normal_distribution<double> noise;
  const auto found = told([&](std::size_t i) { return 2 * wave(i, i < 3000 ? 24 : 36) + 0.5 * noise(random); }, 8000);
  EXPECT_EQ(found, (std::vector<std::size_t>{24, 36}));
}

TEST(period_finder_test, finds_none_in_noise_in_a_walk_and_in_what_is_constant) {
  std::mt19937_64 random{4};
  std::normal_distribution<double> noise;
  std::size_t found = 0;
  for (int series = 0; series < 20; ++series) {
    double walk = 0, follower = 0;
    found += told([&](std::size_t) { return noise(random); }, 3000).size();
    found += told([&](std::size_t) { return walk += noise(random); }, 3000).size();
    found += told([&](std::size_t) { return follower = 0.5 * follower + noise(random); }, 3000).size();
  }
  EXPECT_EQ(found, 0u);
  EXPECT_TRUE(told([](std::size_t) { return 4.5; }, 3000).empty());
  EXPECT_TRUE(told([](std::size_t i) { return i == 700 ? 1e150 : 0.0; }, 3000).empty());
}

} // namespace
} // namespace weir::core
