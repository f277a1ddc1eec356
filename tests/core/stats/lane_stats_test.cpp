#include "core/stats/lane_stats.hpp"

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
  lane.on_read(4, 400, 3, 10);
  EXPECT_EQ(lane.lag(), 6);
  lane.on_read(6, 600, 9, 10);
  EXPECT_EQ(lane.lag(), 0);
  lane.on_read(1, 100, 10, lane_stats::unknown);
  EXPECT_EQ(lane.lag(), 0);
}

TEST(lane_stats_test, counts_its_lag_from_the_committed_offset_until_it_reads) {
  lane_stats lane;
  lane_stats::set(lane.committed, 90);
  lane_stats::set(lane.high_watermark, 100);
  EXPECT_EQ(lane.lag(), 10);
}

TEST(lane_stats_test, takes_the_latency_of_a_batch_from_its_last_record) {
  raw_block raw;
  raw.append(5, 1'000, nullptr, 0, "a", 1);
  raw.append(6, 1'100, nullptr, 0, "b", 1);
  batch b;
  b.raw = std::make_shared<const raw_block>(std::move(raw));
  b.rows = {1};
  lane_stats lane;
  lane.on_emitted(b, 1, 1'104);
  EXPECT_EQ(lane.emitted, 1u);
  EXPECT_EQ(lane.dead_letters, 1u);
  EXPECT_EQ(lane.last_timestamp, 1'100);
  EXPECT_EQ(lane.last_progress, 1'104);
  EXPECT_EQ(lane.latency.read().count, 2u);
  EXPECT_EQ(lane.latency.read().quantile(0.99), 5);
}

TEST(lane_stats_test, loses_no_count_when_several_threads_add) {
  lane_stats lane;
  auto work = [&] {
    for (int i = 0; i < 10'000; ++i) {
      lane.on_read(3, 30, i, lane_stats::unknown);
      lane.latency.observe(i % 100, 3);
    }
  };
  std::thread other{work};
  work();
  other.join();
  EXPECT_EQ(lane.records, 60'000u);
  EXPECT_EQ(lane.latency.read().count, 60'000u);
}

} // namespace
} // namespace weir::core
