#include "core/stats/ledger.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

TEST(ledger_test, counts_a_batch_in_flight_until_it_is_settled) {
  ledger lane;
  lane.receive(10);
  EXPECT_EQ(lane.snapshot(), (ledger_snapshot{10, 0, 0, 0, 10}));
  lane.settle({.received = 10, .emitted = 6, .filtered = 3, .dead_lettered = 1});
  EXPECT_EQ(lane.snapshot(), (ledger_snapshot{10, 6, 3, 1, 0}));
  EXPECT_TRUE(lane.balanced());
}

TEST(ledger_test, shows_a_record_that_a_stage_has_lost) {
  ledger lane;
  lane.receive(10);
  lane.settle({.received = 10, .emitted = 6, .filtered = 2, .dead_lettered = 1});
  EXPECT_FALSE(lane.balanced());
  EXPECT_EQ(lane.snapshot().imbalance(), 1);
}

TEST(ledger_test, shows_a_record_that_was_counted_twice) {
  ledger lane;
  lane.receive(10);
  lane.settle({.received = 10, .emitted = 10, .filtered = 0, .dead_lettered = 1});
  EXPECT_EQ(lane.snapshot().imbalance(), -1);
}

TEST(ledger_test, balances_what_windows_take_and_make) {
  ledger lane;
  lane.receive(10);
  lane.settle({.received = 10, .made = 3, .emitted = 2, .filtered = 2, .windowed = 8, .dead_lettered = 1});
  EXPECT_TRUE(lane.balanced());
  lane.settle({.made = 1});
  EXPECT_EQ(lane.snapshot().imbalance(), 1);
}

TEST(ledger_test, goes_back_to_the_last_commit_after_an_abort) {
  ledger lane;
  lane.receive(10);
  lane.settle({.received = 10, .emitted = 10, .filtered = 0, .dead_lettered = 0});
  auto committed = lane.snapshot();
  lane.receive(5);
  lane.settle({.received = 5, .emitted = 5, .filtered = 0, .dead_lettered = 0});
  lane.receive(7);
  lane.restore(committed);
  EXPECT_EQ(lane.snapshot(), committed);
}

TEST(ledger_test, is_balanced_in_every_snapshot_that_another_thread_takes) {
  constexpr int batches = 20'000;
  ledger lane;
  std::atomic<int> sent{0};
  std::atomic<bool> done{false};
  std::uint64_t seen = 0, wrong = 0;
  std::thread stats{[&] {
    while (!done) {
      wrong += lane.balanced() ? 0 : 1;
      ++seen;
    }
  }};
  std::thread emitter{[&] {
    for (int settled = 0; settled < batches;)
      if (settled < sent) {
        lane.settle({.received = 7, .emitted = 4, .filtered = 2, .dead_lettered = 1});
        ++settled;
      }
  }};
  for (int i = 0; i < batches; ++i) {
    lane.receive(7);
    ++sent;
  }
  emitter.join();
  done = true;
  stats.join();
  EXPECT_EQ(wrong, 0u) << "of " << seen;
  EXPECT_EQ(lane.snapshot(), (ledger_snapshot{7 * batches, 4 * batches, 2 * batches, batches, 0}));
}

} // namespace
} // namespace weir::core
