#include "core/detect/usual_count.hpp"

#include "core/detect/verdict.hpp"

#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

constexpr double alpha = 0.02;
constexpr int first_judged = 10;

using random_engine = std::mt19937_64;
using counts = std::function<double(random_engine&)>;

counts poisson(double mean) {
  return [d = std::poisson_distribution<std::int64_t>{mean}](auto& random) mutable {
    return static_cast<double>(d(random));
  };
}

/// Arrivals in bursts: the variance is ten times the mean.
counts bursts(double mean) {
  return [d = std::gamma_distribution<double>{mean / 9, 9}](auto& random) mutable {
    return static_cast<double>(std::poisson_distribution<std::int64_t>{d(random) + 1e-12}(random));
  };
}

/// How the rate of a key is judged, interval by interval.
class judged_key {
public:
  bool is_odd(double count) {
    const auto score = usual.score(count, alpha);
    return seen >= first_judged && rule.say(state.data(), score, usual.strangeness(score, alpha), 0).is_anomalous;
  }

  bool take(double count) {
    const bool odd = is_odd(count);
    usual.add(count, alpha);
    ++seen;
    return odd;
  }

  verdict_rule rule{verdict_options{.prior = usual_count::prior}};
  std::vector<std::byte> state = std::vector<std::byte>(rule.state_size());
  usual_count usual{};
  int seen = 0;
};

int false_alarms(const std::function<counts()>& of, int keys, int intervals) {
  int found = 0;
  for (int key = 0; key < keys; ++key) {
    random_engine random{static_cast<std::uint64_t>(key) + 1};
    auto next = of();
    judged_key judged;
    for (int i = 0; i < intervals; ++i)
      found += judged.take(next(random)) ? 1 : 0;
  }
  return found;
}

TEST(usual_count_test, at_most_one_in_ten_thousand_intervals_of_poisson_arrivals_is_odd) {
  for (const double mean : {0.1, 0.5, 1.0, 2.0, 4.0, 8.0, 20.0, 100.0, 5000.0}) {
    EXPECT_LE(false_alarms([&] { return poisson(mean); }, 2, 100'000), 20) << mean;
    EXPECT_LE(false_alarms([&] { return poisson(mean); }, 1000, 200), 20) << mean << ", short keys";
    EXPECT_LE(false_alarms([&] { return poisson(mean); }, 4000, 50), 20) << mean << ", shorter keys";
  }
}

TEST(usual_count_test, arrivals_in_bursts_are_known_by_their_spread) {
  for (const double mean : {20.0, 200.0, 5000.0}) {
    EXPECT_LE(false_alarms([&] { return bursts(mean); }, 2, 100'000), 20) << mean;
    EXPECT_LE(false_alarms([&] { return bursts(mean); }, 1000, 200), 20) << mean << ", short keys";
  }
}

TEST(usual_count_test, none_is_odd_where_twenty_are_usual_and_not_where_ten_are) {
  const auto told = [](double mean, double count) {
    int found = 0;
    for (std::uint64_t key = 0; key < 200; ++key) {
      random_engine random{key};
      auto next = poisson(mean);
      judged_key judged;
      for (int i = 0; i < 200; ++i)
        judged.take(next(random));
      found += judged.is_odd(count) ? 1 : 0;
    }
    return found;
  };
  EXPECT_GE(told(20, 0), 170);
  EXPECT_GE(told(30, 0), 199);
  EXPECT_EQ(told(10, 0), 0);
  EXPECT_GE(told(40, 120), 198);
  EXPECT_GE(told(4, 40), 198);
  EXPECT_EQ(told(40, 45), 0);
}

TEST(usual_count_test, of_a_clockwork_a_small_change_is_odd) {
  judged_key judged;
  for (int i = 0; i < 200; ++i)
    EXPECT_FALSE(judged.take(60 + i % 2));
  EXPECT_FALSE(judged.is_odd(58));
  EXPECT_TRUE(judged.is_odd(45));
  EXPECT_TRUE(judged.is_odd(76));
}

TEST(usual_count_test, a_wild_count_teaches_little) {
  judged_key judged;
  random_engine random{1};
  auto next = poisson(50);
  for (int i = 0; i < 300; ++i)
    judged.take(next(random));
  const auto before = judged.usual.mean();
  EXPECT_TRUE(judged.take(1e12));
  EXPECT_LT(judged.usual.mean(), before + 1);
  EXPECT_TRUE(judged.is_odd(200));
}

TEST(usual_count_test, follows_another_level) {
  judged_key judged;
  random_engine random{2};
  for (const double mean : {20.0, 200.0, 5.0}) {
    auto next = poisson(mean);
    for (int i = 0; i < 400; ++i)
      judged.take(next(random));
    EXPECT_NEAR(judged.usual.mean(), mean, 0.1 * mean + 1);
  }
}

TEST(usual_count_test, is_a_number_whatever_comes) {
  for (const double weight : {1e-9, 0.02, 1.0}) {
    usual_count usual{};
    for (const double count : {0.0, 0.0, 1e300, 0.0, 1.0, 1e15, 0.0}) {
      const auto score = usual.score(count, weight);
      EXPECT_TRUE(std::isfinite(score));
      EXPECT_TRUE(std::isfinite(usual.strangeness(score, weight)));
      EXPECT_TRUE(usual.valid(weight));
      usual.add(count, weight);
    }
  }
}

} // namespace
} // namespace weir::core
