#include "models/onnxruntime/text_pool.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <thread>
#include <vector>

namespace weir::models {
namespace {

TEST(text_pool_test, gives_the_same_text_for_the_same_text_whoever_comes_and_goes) {
  text_pool pool{1 << 20};
  std::string gone = "yes";
  std::array<std::string_view, 3> first{gone, "no", gone};
  ASSERT_TRUE(pool.keep(first));
  gone = "xxx";
  EXPECT_EQ(first, (std::array<std::string_view, 3>{"yes", "no", "yes"}));
  std::array<std::string_view, 1> again{"yes"};
  ASSERT_TRUE(pool.keep(again));
  EXPECT_EQ(again[0].data(), first[0].data());
}

TEST(text_pool_test, keeps_no_more_than_it_may_and_still_knows_what_it_has) {
  text_pool pool{2 * (text_pool::text_cost + 3)};
  std::array<std::string_view, 4> texts{"abc", "def", "abc", "g"};
  EXPECT_FALSE(pool.keep(texts));
  EXPECT_TRUE(pool.keep(std::span{texts}.first(3)));
  EXPECT_FALSE(pool.keep(std::span{texts}.last(1)));
}

TEST(text_pool_test, is_shared_by_threads) {
  text_pool pool{1 << 20};
  std::vector<std::vector<std::string_view>> kept(4);
  std::vector<std::thread> threads;
  for (auto& mine : kept)
    threads.emplace_back([&pool, &mine] {
      for (int i = 0; i < 500; ++i) {
        const auto text = std::to_string(i % 100);
        std::array<std::string_view, 1> one{text};
        pool.keep(one);
        mine.push_back(one[0]);
      }
    });
  for (auto& thread : threads)
    thread.join();
  for (const auto& mine : kept)
    for (std::size_t i = 0; i < mine.size(); ++i) {
      EXPECT_EQ(mine[i], std::to_string(i % 100));
      EXPECT_EQ(mine[i].data(), kept[0][i].data());
    }
}

} // namespace
} // namespace weir::models
