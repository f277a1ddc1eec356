#include "core/cluster/credit_policy.hpp"

#include <algorithm>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

constexpr std::uint64_t mib = 1u << 20;

std::uint64_t sum(const std::vector<std::uint64_t>& of) {
  return std::accumulate(of.begin(), of.end(), std::uint64_t{0});
}

TEST(credit_policy_test, equal_lanes_get_equal_shares) {
  const auto windows = share_credit(8 * mib, std::vector<lane_need>(4));
  ASSERT_EQ(windows.size(), 4u);
  for (const auto window : windows)
    EXPECT_NEAR(static_cast<double>(window), 2.0 * mib, 1);
}

TEST(credit_policy_test, a_lane_that_lags_gets_more_and_the_others_keep_enough_to_go_on) {
  const auto windows = share_credit(8 * mib, {{1'000'000, 0, 0}, {0, 0, 0}, {0, 0, 0}});
  EXPECT_EQ(windows[0], credit_bounds{}.most);
  EXPECT_GE(windows[1], credit_bounds{}.least);
  EXPECT_GE(windows[2], credit_bounds{}.least);
}

TEST(credit_policy_test, a_window_grows_only_into_what_the_others_have_given_back) {
  // The second lane had it all; its records are still in flight.
  const auto before = share_credit(4 * mib, {{1000, 0, mib}, {0, 3 * mib, 3 * mib}});
  EXPECT_LT(before[1], 3 * mib);
  EXPECT_EQ(before[0], mib);
  // Now they are through.
  const auto after = share_credit(4 * mib, {{1000, mib, before[0]}, {0, 0, before[1]}});
  EXPECT_GT(after[0], 3 * mib);
}

TEST(credit_policy_test, small_changes_are_left_alone) {
  const auto windows = share_credit(8 * mib, {{1000, 0, 0}, {1000, 0, 0}});
  EXPECT_EQ(share_credit(8 * mib, {{1050, 0, windows[0]}, {1000, 0, windows[1]}}), windows);
}

TEST(credit_policy_test, however_many_lanes_each_gets_something) {
  const auto windows = share_credit(mib, std::vector<lane_need>(1000));
  EXPECT_LE(sum(windows), mib);
  EXPECT_GT(*std::min_element(windows.begin(), windows.end()), 0u);
  EXPECT_TRUE(share_credit(mib, {}).empty());
}

TEST(credit_policy_test, what_is_in_flight_stays_within_the_budget_whatever_the_lags_do) {
  std::mt19937 dice{7};
  for (int round = 0; round < 200; ++round) {
    const auto budget = 1 * mib + dice() % (15 * mib);
    std::vector<lane_need> lanes(1 + dice() % 12);
    for (int step = 0; step < 30; ++step) {
      for (auto& lane : lanes) {
        lane.lag = dice() % 3 == 0 ? 0 : dice() % 1'000'000;
        // Each lane fills what it may, or gives back what it has.
        lane.in_flight = dice() % 2 == 0 ? std::max(lane.in_flight, lane.window) : lane.in_flight / 2;
      }
      const auto windows = share_credit(budget, lanes);
      std::uint64_t bound = 0;
      for (std::size_t i = 0; i < lanes.size(); ++i) {
        lanes[i].window = windows[i];
        bound += std::max(windows[i], lanes[i].in_flight);
      }
      ASSERT_LE(bound, budget + lanes.size()) << "round " << round << " step " << step;
    }
  }
}

} // namespace
} // namespace weir::core
