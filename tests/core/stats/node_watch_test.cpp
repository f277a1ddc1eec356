#include "core/stats/node_watch.hpp"

#include <gtest/gtest.h>

namespace weir::core {
namespace {

using namespace std::chrono_literals;

class node_watch_test : public ::testing::Test {
protected:
  /// A lane with `lag` records that wait.
  lane_account lane(int partition, std::int64_t lag) {
    auto account = registry->start(partition_id{partition});
    lane_stats::set(account.stats->committed, 0);
    lane_stats::set(account.stats->high_watermark, lag);
    registry->know_lanes(true);
    return account;
  }

  readiness at(std::chrono::milliseconds now) {
    watch.look(node_watch::time{now});
    return watch.ready();
  }

  std::shared_ptr<lane_registry> registry = std::make_shared<lane_registry>();
  node_watch watch{registry, 1000ms};
};

TEST_F(node_watch_test, is_not_ready_before_it_begins_and_says_what_it_waits_for) {
  EXPECT_FALSE(at(0ms).ready);
  watch.wait_for("the broker is away");
  EXPECT_EQ(at(1ms).reason, "the broker is away");
  watch.begin();
  EXPECT_EQ(at(2ms).reason, "the node waits for its partitions");
}

TEST_F(node_watch_test, is_ready_when_the_group_gave_it_no_partition) {
  watch.begin();
  registry->know_lanes(true);
  EXPECT_TRUE(at(0ms).ready);
}

TEST_F(node_watch_test, is_not_ready_when_a_lane_has_lag_and_makes_no_progress) {
  watch.begin();
  lane(3, 100);
  EXPECT_TRUE(at(0ms).ready);
  EXPECT_TRUE(at(999ms).ready);
  const auto state = at(1000ms);
  EXPECT_FALSE(state.ready);
  EXPECT_EQ(state.reason, "no progress in partition 3 for 1000 ms");
  EXPECT_EQ(watch.stalled(), std::vector{partition_id{3}});
}

TEST_F(node_watch_test, is_ready_again_when_the_lane_moves) {
  watch.begin();
  const auto account = lane(0, 100);
  at(0ms);
  EXPECT_FALSE(at(2000ms).ready);
  account.ledger->receive(1);
  account.ledger->settle({.received = 1, .emitted = 0, .filtered = 1, .dead_lettered = 0});
  EXPECT_TRUE(at(2100ms).ready);
  EXPECT_TRUE(at(3000ms).ready);
  EXPECT_FALSE(at(3100ms).ready);
}

TEST_F(node_watch_test, counts_records_that_are_never_committed_as_a_stall) {
  watch.begin();
  lane(0, 0).ledger->receive(5);
  at(0ms);
  EXPECT_FALSE(at(1000ms).ready);
}

TEST_F(node_watch_test, takes_a_lane_without_work_for_moving) {
  watch.begin();
  const auto account = lane(0, 0);
  at(0ms);
  EXPECT_TRUE(at(5000ms).ready);
  lane_stats::set(account.stats->high_watermark, 10);
  EXPECT_TRUE(at(5500ms).ready);
  EXPECT_FALSE(at(6500ms).ready);
}

TEST_F(node_watch_test, does_not_take_a_lane_that_may_not_read_what_waits_for_one_that_stands) {
  watch.begin();
  const auto account = lane(0, 10); // of a transaction that is open
  lane_stats::set(account.stats->end_reached, 0);
  at(0ms);
  EXPECT_TRUE(at(5000ms).ready);
}

TEST_F(node_watch_test, forgets_a_lane_that_went_elsewhere) {
  watch.begin();
  lane(0, 100);
  at(0ms);
  registry->stop(partition_id{0});
  EXPECT_TRUE(at(2000ms).ready);
}

TEST_F(node_watch_test, is_ready_while_it_is_paused) {
  watch.begin();
  lane(0, 100);
  at(0ms);
  watch.show(goal::paused, false);
  EXPECT_EQ(watch.phase(), node_phase::paused);
  EXPECT_TRUE(at(5000ms).ready);
  watch.show(goal::running, false);
  EXPECT_TRUE(at(5500ms).ready);
  EXPECT_FALSE(at(6500ms).ready);
}

TEST_F(node_watch_test, is_not_ready_while_it_stops_and_stays_so) {
  watch.begin();
  registry->know_lanes(true);
  watch.show(goal::stopped, false);
  watch.show(goal::paused, false);
  EXPECT_EQ(watch.phase(), node_phase::stopping);
  EXPECT_FALSE(at(0ms).ready);
}

TEST_F(node_watch_test, says_above_all_why_a_lane_cannot_go_on) {
  watch.begin();
  registry->know_lanes(true);
  watch.broker_away("no broker answers");
  watch.fail("the state has no room");
  watch.show(goal::stopped, false);
  EXPECT_FALSE(at(0ms).ready);
  EXPECT_EQ(at(1ms).reason, "the state has no room");
}

TEST_F(node_watch_test, says_that_it_is_drained_and_is_not_ready_until_it_goes_on) {
  watch.begin();
  registry->know_lanes(true);
  watch.show(goal::drained, false);
  EXPECT_EQ(watch.phase(), node_phase::draining);
  EXPECT_EQ(at(0ms).reason, "the pipeline is being drained");
  watch.show(goal::drained, true);
  EXPECT_EQ(watch.phase(), node_phase::drained);
  EXPECT_EQ(at(0ms).reason, "the pipeline is drained");
  watch.show(goal::running, false);
  EXPECT_TRUE(at(0ms).ready);
}

TEST_F(node_watch_test, remembers_a_goal_that_came_before_it_began) {
  watch.show(goal::paused, false);
  EXPECT_EQ(watch.phase(), node_phase::starting);
  watch.begin();
  EXPECT_EQ(watch.phase(), node_phase::paused);
}

TEST_F(node_watch_test, says_that_the_broker_is_away) {
  watch.begin();
  registry->know_lanes(true);
  watch.broker_away("no broker answers");
  EXPECT_EQ(at(0ms).reason, "no broker answers");
  watch.broker_away({});
  EXPECT_TRUE(at(1ms).ready);
}

TEST_F(node_watch_test, says_why_outputs_cannot_be_written_until_they_can) {
  watch.wait_for("the node is starting");
  watch.outputs_stuck("cannot write 'out': No space left on device");
  EXPECT_EQ(at(0ms).reason, "cannot write 'out': No space left on device");
  watch.begin();
  registry->know_lanes(true);
  EXPECT_EQ(at(1ms).reason, "cannot write 'out': No space left on device");
  watch.outputs_stuck({});
  EXPECT_TRUE(at(2ms).ready);
}

TEST(node_snapshot_test, sums_the_lanes_and_counts_the_lag_of_those_that_run) {
  lane_registry registry;
  for (int i = 0; i < 3; ++i) {
    const auto lane = registry.start(partition_id{i});
    lane.ledger->receive(10);
    lane.ledger->settle({.received = 6, .emitted = 3, .filtered = 2, .dead_lettered = 1});
    lane_stats::set(lane.stats->high_watermark, 5);
  }
  registry.stop(partition_id{2});
  const auto totals = totals_of(snapshot_of(registry));
  EXPECT_EQ(totals.ledger, (ledger_snapshot{30, 9, 6, 3, 12}));
  EXPECT_EQ(totals.lanes, 2u);
  EXPECT_EQ(totals.lag, 10);
  EXPECT_EQ(totals.imbalance, 0);
}

} // namespace
} // namespace weir::core
