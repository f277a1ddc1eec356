#include "core/detect/tail_estimate.hpp"

#include <cmath>
#include <cstring>
#include <random>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

TEST(tail_estimate_test, knows_how_rare_scores_of_an_exponential_and_of_a_normal_distribution_are) {
  std::mt19937_64 random{1};
  std::exponential_distribution<double> exponential;
  std::normal_distribution<double> normal;
  tail_estimate one{}, other{};
  for (int i = 0; i < 100'000; ++i) {
    one.add(exponential(random), {});
    other.add(std::abs(normal(random)), tail_prior::of_deviations());
  }
  for (const auto x : {4.0, 7.0, 10.0}) {
    const auto decades = std::log10(one.probability(x, {}));
    EXPECT_NEAR(decades, std::log10(std::exp(-x)), 0.15 * x / 2) << x;
  }
  EXPECT_NEAR(std::log10(other.probability(3.29, {})), -3, 0.3); // 1 in 1,000, either way
  EXPECT_LT(other.probability(8, {}), 1e-7);
}

TEST(tail_estimate_test, gives_heavy_tails_more_room) {
  std::mt19937_64 random{2};
  std::lognormal_distribution<double> heavy;
  tail_estimate tail{};
  int rare = 0;
  for (int i = 0; i < 200'000; ++i) {
    const auto x = heavy(random);
    rare += tail.is_ready({}) && tail.is_rarer(x, 1e-4, {}) ? 1 : 0;
    tail.add(x, {});
  }
  EXPECT_GE(rare, 5);
  EXPECT_LE(rare, 60); // 20 are expected
}

TEST(tail_estimate_test, says_less_the_less_it_knows) {
  tail_estimate tail{};
  EXPECT_FALSE(tail.is_ready({}));
  EXPECT_TRUE(tail.is_ready(tail_prior::of_deviations()));
  const auto at_first = tail.probability(5, tail_prior::of_deviations());
  std::mt19937_64 random{3};
  std::normal_distribution<double> normal;
  for (int i = 0; i < 50'000; ++i)
    tail.add(std::abs(normal(random)), tail_prior::of_deviations());
  EXPECT_GT(at_first, 3 * tail.probability(5, tail_prior::of_deviations()));
}

TEST(tail_estimate_test, is_not_taught_by_one_wild_score) {
  std::mt19937_64 random{4};
  std::normal_distribution<double> normal;
  tail_estimate tail{};
  for (int i = 0; i < 10'000; ++i)
    tail.add(std::abs(normal(random)), {});
  const auto before = tail.probability(6, {});
  tail.add(1e300, {});
  EXPECT_LT(tail.probability(6, {}), 3 * before);
}

TEST(tail_estimate_test, finds_wild_scores_among_others_of_their_kind) {
  std::mt19937_64 random{6};
  std::normal_distribution<double> normal;
  int wild = 0, told = 0;
  for (int stream = 0; stream < 30; ++stream) {
    tail_estimate tail{};
    for (int i = 0; i < 4000; ++i) {
      const bool is_wild = i > 300 && random() % 700 == 0;
      const auto score = is_wild ? 12 : std::abs(normal(random));
      wild += is_wild ? 1 : 0;
      told += is_wild && tail.is_rarer(score, 1e-5, tail_prior::of_deviations()) ? 1 : 0;
      tail.add(score, tail_prior::of_deviations());
    }
  }
  EXPECT_GT(told, 0.85 * wild);
}

TEST(tail_estimate_test, stays_a_probability_whatever_comes) {
  std::mt19937_64 random{5};
  for (int seed = 0; seed < 200; ++seed) {
    tail_estimate tail{};
    for (int i = 0; i < 300; ++i) {
      const auto x = std::pow(10.0, static_cast<double>(random() % 600) - 300) * static_cast<double>(random() % 3);
      tail.add(seed % 3 == 0 ? 0.0 : x, {});
      ASSERT_TRUE(tail.valid());
      if (tail.is_ready({}))
        for (const auto s : {0.0, 1e-300, 1.0, x, 1e308}) {
          const auto p = tail.probability(s, {});
          ASSERT_TRUE(p > 0 && p <= 1) << p << " of " << s;
        }
    }
  }
}

} // namespace
} // namespace weir::core
