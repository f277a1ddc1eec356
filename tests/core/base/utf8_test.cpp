#include "core/base/utf8.hpp"

#include <random>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

/// What is_utf8() says, sequence by sequence.
bool all_sequences(std::string_view text) {
  while (!text.empty()) {
    const auto size = utf8_sequence(text);
    if (size == 0)
      return false;
    text.remove_prefix(size);
  }
  return true;
}

TEST(utf8_test, refuses_overlong_forms_surrogates_and_what_is_beyond_unicode) {
  for (const auto* good :
       {"", "a", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
    EXPECT_TRUE(all_sequences(good)) << good;
  }
  for (const auto* bad : {"\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
                          "\xf5\x80\x80\x80", "\xc2", "\xe2\x82", "\xf0\x9f\x98"}) {
    EXPECT_FALSE(is_utf8(bad));
    EXPECT_FALSE(all_sequences(bad));
  }
}

TEST(utf8_test, both_ways_to_look_agree_on_any_bytes) {
  std::mt19937_64 random{3};
  const std::string bytes = "a\x80\xbf\xc2\xe0\xe2\xed\xf0\xf4\x9f\xa0\x90\x8f";
  int good = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string text;
    for (auto size = random() % 5; size > 0; --size)
      text += bytes[random() % bytes.size()];
    EXPECT_EQ(is_utf8(text), all_sequences(text)) << testing::PrintToString(text);
    EXPECT_TRUE(is_utf8(to_utf8(text)));
    good += is_utf8(text);
  }
  EXPECT_GT(good, 10'000);
}

} // namespace
} // namespace weir::core
