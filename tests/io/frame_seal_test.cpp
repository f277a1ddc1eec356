#include "io/frame_seal.hpp"

#include <gtest/gtest.h>

namespace weir::io {
namespace {

TEST(frame_seal_test, lets_a_frame_through_once) {
  frame_seal here{"key"}, there{"key"};
  const auto first = here.seal("stop");
  const auto second = here.seal("");
  ASSERT_TRUE(there.open(first));
  EXPECT_EQ(there.open(second).value_or("?"), "");
  EXPECT_EQ(there.open(first).error().what, "a frame that has been here before");
  EXPECT_EQ(there.open(second).error().what, "a frame that has been here before");
  EXPECT_EQ(there.open(frame_seal{"key"}.seal("go")).value_or("?"), "go") << "another sender counts for itself";
}

TEST(frame_seal_test, refuses_what_was_made_with_another_key_or_changed_on_its_way) {
  frame_seal here{"key"}, there{"key"};
  const auto whole = here.seal("stop");
  EXPECT_FALSE(frame_seal{"another"}.open(whole));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(there.open(changed)) << i;
    EXPECT_FALSE(there.open(std::string_view{whole}.substr(0, i))) << i;
  }
  EXPECT_TRUE(there.open(whole));
}

TEST(frame_seal_test, takes_nothing_without_a_key) {
  frame_seal here{""}, there{""};
  EXPECT_FALSE(there.open(here.seal("stop")));
}

} // namespace
} // namespace weir::io
