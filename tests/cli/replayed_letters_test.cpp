#include "cli/dlq/replayed.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace weir::cli {
namespace {

TEST(replayed_letters_test, what_was_marked_is_known_and_nothing_else) {
  EXPECT_EQ(replayed_letters::ranges_of({3, 4, 5, 9, 11, 12}), "3-5,9,11-12");
  replayed_letters marks;
  ASSERT_TRUE(marks.take(replayed_letters::key_of(0, 3), "3-5,9,11-12"));
  ASSERT_TRUE(marks.take(replayed_letters::key_of(2, 6), "6"));
  for (std::int64_t offset = 0; offset < 20; ++offset) {
    const bool is_marked = (offset >= 3 && offset <= 5) || offset == 9 || offset == 11 || offset == 12;
    EXPECT_EQ(marks.contains(0, offset), is_marked) << offset;
    EXPECT_FALSE(marks.contains(1, offset));
    EXPECT_EQ(marks.contains(2, offset), offset == 6);
  }
}

TEST(replayed_letters_test, ranges_that_lie_among_others_are_known) {
  replayed_letters marks;
  ASSERT_TRUE(marks.take("0@1", "1,5"));
  ASSERT_TRUE(marks.take("0@2", "2-4"));
  for (std::int64_t offset = 1; offset <= 5; ++offset)
    EXPECT_TRUE(marks.contains(0, offset)) << offset;
  EXPECT_FALSE(marks.contains(0, 6));
}

TEST(replayed_letters_test, what_says_nothing_of_letters_is_refused) {
  replayed_letters marks;
  for (const auto* ranges : {"", "x", "5-3", "1,,2", "1-", "-1-"})
    EXPECT_FALSE(marks.take("0@1", ranges)) << ranges;
  EXPECT_FALSE(marks.take("x", "1"));
}

} // namespace
} // namespace weir::cli
