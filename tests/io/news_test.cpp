#include "io/news.hpp"

#include <gtest/gtest.h>

namespace weir::io {
namespace {

TEST(news_test, a_text_is_news_once) {
  EXPECT_TRUE(is_news("a"));
  EXPECT_FALSE(is_news("a"));
  EXPECT_TRUE(is_news("b"));
}

TEST(news_test, what_goes_on_is_no_news_however_long_it_does) {
  auto now = std::chrono::steady_clock::now();
  EXPECT_TRUE(is_news("it goes on", now));
  for (int i = 0; i < 20; ++i)
    EXPECT_FALSE(is_news("it goes on", now += std::chrono::seconds(30)));
  EXPECT_TRUE(is_news("it goes on", now += std::chrono::seconds(61)));
}

} // namespace
} // namespace weir::io
