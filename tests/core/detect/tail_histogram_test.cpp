#include "core/detect/tail_histogram.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <random>

namespace weir::core {
namespace {

/// Of sizes whose share above s is s^-exponent.
tail_histogram after_pareto(double exponent, int sizes) {
  std::mt19937_64 random{1};
  std::uniform_real_distribution<double> uniform{0, 1};
  tail_histogram tail{};
  for (int i = 0; i < sizes; ++i)
    tail.add(std::pow(1 - uniform(random), -1 / exponent));
  return tail;
}

double rarity_of(tail_histogram tail, double size) {
  return tail.add(size);
}

TEST(tail_histogram_test, gives_the_power_of_ten_of_the_share_that_is_as_large) {
  const auto tail = after_pareto(2, 20'000);
  EXPECT_NEAR(rarity_of(tail, std::sqrt(2.0)), -std::log10(0.5), 0.05);
  EXPECT_NEAR(rarity_of(tail, std::sqrt(10.0)), 1, 0.05);
  EXPECT_NEAR(rarity_of(tail, 10), 2, 0.15);
}

TEST(tail_histogram_test, goes_on_beyond_what_it_has_seen) {
  for (const double exponent : {1.0, 2.0, 4.0}) {
    const auto tail = after_pareto(exponent, 20'000);
    for (const double decades : {3.0, 4.0, 7.0}) {
      const auto size = std::pow(10, decades / exponent);
      if (size < 1 << 14) { // above there is one bin
        EXPECT_NEAR(rarity_of(tail, size), decades, 0.15 * decades) << exponent;
      }
    }
  }
}

TEST(tail_histogram_test, is_the_same_whatever_the_sizes_measure) {
  std::mt19937_64 random{2};
  std::exponential_distribution<double> exponential{1};
  tail_histogram metres{}, eighths{};
  for (int i = 0; i < 3000; ++i) {
    const auto size = 0.01 + exponential(random);
    ASSERT_NEAR(metres.add(size), eighths.add(size * 8), 1e-5) << i;
  }
}

TEST(tail_histogram_test, trusts_no_short_past) {
  tail_histogram tail{};
  EXPECT_EQ(tail.add(1), 0);
  for (int i = 0; i < 19; ++i)
    tail.add(1);
  EXPECT_LT(rarity_of(tail, 1e6), 1.5);
  for (int i = 0; i < 1000; ++i)
    tail.add(1);
  EXPECT_GT(rarity_of(tail, 1e6), 5);
}

TEST(tail_histogram_test, forgets) {
  tail_histogram tail{};
  for (int i = 0; i < 1000; ++i)
    tail.add(i % 2 ? 100 : 1);
  EXPECT_LT(rarity_of(tail, 100), 1);
  for (int i = 0; i < 100'000; ++i)
    tail.add(1);
  EXPECT_GT(rarity_of(tail, 100), 3);
  EXPECT_TRUE(tail.valid());
}

TEST(tail_histogram_test, takes_any_size) {
  tail_histogram tail{};
  for (int i = 0; i < 300; ++i)
    for (const double size : {0.0, 5e-324, 1e-300, 1.0, 1e300, std::numeric_limits<double>::infinity()}) {
      const auto rarity = tail.add(size);
      ASSERT_TRUE(rarity >= 0 && rarity <= tail_histogram::most) << size;
    }
  EXPECT_TRUE(tail.valid());
}

} // namespace
} // namespace weir::core
