#include "core/keyed/lane_clock.hpp"

#include <gtest/gtest.h>

namespace weir::core {
namespace {

constexpr std::int64_t wall = 1'767'225'600'000;

TEST(lane_clock_test, follows_the_newest_record_and_never_goes_back) {
  auto clock = lane_clock{}.at_record(100, 50, wall);
  EXPECT_EQ(clock.now, 100);
  EXPECT_EQ(clock.at_record(90, 60, wall).now, 100);
  EXPECT_EQ(clock.at_record(keyed_rows::no_time, 60, wall).now, 100);
  EXPECT_EQ(clock.at_record(110, 60, wall).now, 110);
}

TEST(lane_clock_test, goes_on_at_ticks_as_the_wall_clock_does_since_the_newest_record) {
  auto clock = lane_clock{}.at_record(100, wall, wall);
  clock = clock.at_tick(wall + 30);
  EXPECT_EQ(clock.now, 130);
  clock = clock.at_tick(wall - 500); // it was set back
  EXPECT_EQ(clock.now, 130);
  clock = clock.at_tick(wall + 40);
  EXPECT_EQ(clock.now, 140);
  clock = clock.at_record(120, wall + 50, wall + 50); // what is older does not hold it up
  EXPECT_EQ(clock.at_tick(wall + 50).now, 150);
}

TEST(lane_clock_test, a_time_far_in_the_future_is_none) {
  auto clock = lane_clock{}.at_record(wall, wall, wall);
  EXPECT_EQ(clock.at_record(wall + lane_clock::max_ahead_ms + 1, wall, wall).now, wall);
  EXPECT_EQ(clock.at_record(wall + lane_clock::max_ahead_ms, wall, wall).now, wall + lane_clock::max_ahead_ms);
  EXPECT_EQ(lane_clock{}.at_record(wall + 2 * lane_clock::max_ahead_ms, wall, wall).has_begun, 0u);
}

TEST(lane_clock_test, does_not_begin_by_a_tick) {
  EXPECT_EQ(lane_clock{}.at_tick(wall).has_begun, 0u);
}

} // namespace
} // namespace weir::core
