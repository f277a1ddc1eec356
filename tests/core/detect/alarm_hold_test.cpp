#include "core/detect/alarm_hold.hpp"

#include <gtest/gtest.h>

namespace weir::core {
namespace {

constexpr double threshold = 0.12;
constexpr double margin = 0.1;

TEST(alarm_hold_test, makes_one_alarm_of_an_event) {
  alarm_hold hold{};
  EXPECT_EQ(hold.pass(0.3, threshold, margin), 0.3);
  for (int i = 0; i < 50; ++i)
    EXPECT_EQ(hold.pass(0.29, threshold, margin), 0) << i;
  EXPECT_TRUE(hold.valid());
}

TEST(alarm_hold_test, lets_what_is_no_alarm_through_and_is_not_moved_by_it) {
  alarm_hold hold{};
  for (int i = 0; i < 50; ++i)
    EXPECT_EQ(hold.pass(0.11, threshold, margin), 0.11);
  EXPECT_EQ(hold.pass(0.12, threshold, margin), 0.12);
  EXPECT_EQ(hold.pass(0.11, threshold, margin), 0.11);
}

TEST(alarm_hold_test, lets_a_clearly_higher_score_through) {
  alarm_hold hold{};
  EXPECT_EQ(hold.pass(0.3, threshold, margin), 0.3);
  EXPECT_EQ(hold.pass(0.35, threshold, margin), 0);
  EXPECT_EQ(hold.pass(0.45, threshold, margin), 0.45);
  EXPECT_EQ(hold.pass(0.5, threshold, margin), 0);
}

TEST(alarm_hold_test, ends_sooner_for_a_higher_score_and_in_any_case_after_its_time) {
  const auto values_until = [](double second) {
    alarm_hold hold{};
    hold.pass(0.3, threshold, margin);
    int values = 1;
    while (hold.pass(second, threshold, margin) == 0)
      ++values;
    return values;
  };
  EXPECT_LT(values_until(0.3), values_until(0.2));
  EXPECT_LT(values_until(0.2), values_until(0.12));
  EXPECT_LE(values_until(0.12), 211); // 200 and a twentieth of those seen
}

TEST(alarm_hold_test, has_room_for_fewer_alarms_the_longer_it_runs) {
  alarm_hold hold{};
  int alarms = 0, late = 0;
  for (int i = 0; i < 100'000; ++i) {
    const bool is_alarm = hold.pass(0.2, threshold, margin) > 0;
    alarms += is_alarm;
    late += is_alarm && i >= 10'000;
  }
  EXPECT_GT(alarms, late);
  EXPECT_GT(late, 0);
  EXPECT_LE(late, 150); // some 47 at full hold, and a score of 0.2 waits for a third of it only
}

} // namespace
} // namespace weir::core
