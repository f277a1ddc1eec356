#include "cli/pace.hpp"

#include <gtest/gtest.h>

namespace weir::cli {
namespace {

using namespace std::chrono_literals;

TEST(pace_test, never_waits_without_a_rate) {
  EXPECT_EQ(pace{0}.wait(0s, 1'000'000), 0s);
}

TEST(pace_test, waits_until_the_next_piece_is_due) {
  EXPECT_EQ(pace{100}.wait(0ms, 0), 0ms);
  EXPECT_EQ(pace{100}.wait(0ms, 1), 10ms);
  EXPECT_EQ(pace{100}.wait(35ms, 4), 5ms);
}

TEST(pace_test, makes_up_for_what_was_missed) {
  EXPECT_EQ(pace{100}.wait(10s, 999), 0ms);
  EXPECT_EQ(pace{100}.wait(10s, 1001), 10ms);
}

} // namespace
} // namespace weir::cli
