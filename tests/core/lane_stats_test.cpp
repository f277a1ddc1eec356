#include "core/lane_stats.hpp"

#include <thread>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

TEST(latency_histogram_test, counts_a_latency_in_the_first_bucket_that_holds_it) {
  latency_histogram h;
  h.observe(0);
  h.observe(1);
  h.observe(2);
  h.observe(3, 10);
  h.observe(1'000'000);
  h.observe(-5);
  auto seen = h.read();
  EXPECT_EQ(seen.counts[0], 3u);
  EXPECT_EQ(seen.counts[1], 1u);
  EXPECT_EQ(seen.counts[2], 10u);
  EXPECT_EQ(seen.counts.back(), 1u);
  EXPECT_EQ(seen.count, 15u);
  EXPECT_EQ(seen.sum_ms, 1u + 2 + 30 + 1'000'000);
}

TEST(latency_histogram_test, gives_the_bound_of_the_bucket_of_a_quantile) {
  latency_histogram h;
  EXPECT_EQ(h.read().quantile(0.5), 0);
  h.observe(7, 99);
  h.observe(400, 1);
  EXPECT_EQ(h.read().quantile(0.5), 10);
  EXPECT_EQ(h.read().quantile(0.99), 10);
  EXPECT_EQ(h.read().quantile(1), 500);
}

TEST(lane_stats_test, has_no_lag_before_it_knows_where_the_partition_ends) {
  lane_stats lane;
  EXPECT_EQ(lane.lag(), 0);
  set(lane.high_watermark, 10);
  EXPECT_EQ(lane.lag(), 10);
  set(lane.last_offset, 3);
  EXPECT_EQ(lane.lag(), 6);
  set(lane.last_offset, 9);
  EXPECT_EQ(lane.lag(), 0);
}

TEST(lane_stats_test, loses_no_count_when_several_threads_add) {
  lane_stats lane;
  auto work = [&] {
    for (int i = 0; i < 10'000; ++i) {
      add(lane.records, 3);
      lane.read_to_emitted.observe(i % 100, 3);
    }
  };
  std::thread other{work};
  work();
  other.join();
  EXPECT_EQ(lane.records, 60'000u);
  EXPECT_EQ(lane.read_to_emitted.read().count, 60'000u);
}

} // namespace
} // namespace weir::core
