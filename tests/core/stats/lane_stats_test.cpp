#include "core/stats/lane_stats.hpp"

#include "core/stats/lane_registry.hpp"

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

TEST(lane_stats_test, does_not_know_its_lag_before_it_knows_where_the_partition_ends) {
  lane_stats lane;
  EXPECT_EQ(lane.lag(), lane_stats::unknown);
  lane.on_read(4, 400, 3, 10);
  EXPECT_EQ(lane.lag(), 6);
  lane.on_read(6, 600, 9, 10);
  EXPECT_EQ(lane.lag(), 0);
  lane.on_read(1, 100, 10, lane_stats::unknown);
  EXPECT_EQ(lane.lag(), lane_stats::unknown);
}

TEST(lane_stats_test, takes_a_watermark_that_its_source_only_remembers_for_no_news) {
  lane_stats lane;
  lane.on_read(1, 100, 0, 10);
  lane_stats::set(lane.high_watermark, 50); // the broker was asked
  lane.on_read(1, 100, 1, 10);
  EXPECT_EQ(lane.lag(), 48);
  lane_stats::set(lane.high_watermark, lane_stats::unknown); // it was asked and did not answer
  lane.on_read(1, 100, 2, 10);
  EXPECT_EQ(lane.lag(), lane_stats::unknown);
  lane.on_read(1, 100, 3, 60);
  EXPECT_EQ(lane.lag(), 56);
}

TEST(lane_stats_test, does_not_count_what_nobody_may_read) {
  lane_stats lane;
  lane.on_read(4, 400, 3, 10);
  EXPECT_FALSE(lane.is_at_end());
  lane_stats::set(lane.end_reached, 10); // aborted, or marks of transactions
  EXPECT_EQ(lane.lag(), 0);
  EXPECT_TRUE(lane.is_at_end());
  lane_stats::set(lane.high_watermark, 15); // of a transaction that is open
  EXPECT_EQ(lane.lag(), 5);
  EXPECT_TRUE(lane.is_at_end());
  lane.on_read(1, 100, 10, 15);
  EXPECT_FALSE(lane.is_at_end());
}

TEST(lane_stats_test, knows_nothing_of_its_partition_when_its_lane_begins_anew) {
  lane_registry registry;
  const auto account = registry.start(partition_id{1});
  account.stats->on_read(4, 400, 3, 10);
  registry.stop(partition_id{1});
  registry.start(partition_id{1});
  EXPECT_EQ(account.stats->lag(), lane_stats::unknown);
  EXPECT_EQ(account.stats->last_offset, lane_stats::unknown);
  account.stats->on_read(4, 400, 3, 10);
  EXPECT_EQ(account.stats->lag(), 6);
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
