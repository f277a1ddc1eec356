#include "core/stats/ledger.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

TEST(ledger_test, counts_a_batch_in_flight_until_it_is_settled) {
  ledger books;
  books.receive(10);
  EXPECT_EQ(books.snapshot(), (ledger_snapshot{10, 0, 0, 0, 10}));
  books.settle(10, 6, 3, 1);
  EXPECT_EQ(books.snapshot(), (ledger_snapshot{10, 6, 3, 1, 0}));
  EXPECT_TRUE(books.balanced());
}

TEST(ledger_test, shows_a_record_that_a_stage_has_lost) {
  ledger books;
  books.receive(10);
  books.settle(10, 6, 2, 1);
  EXPECT_FALSE(books.balanced());
  EXPECT_EQ(books.snapshot().imbalance(), 1);
}

TEST(ledger_test, shows_a_record_that_was_counted_twice) {
  ledger books;
  books.receive(10);
  books.settle(10, 10, 0, 1);
  EXPECT_EQ(books.snapshot().imbalance(), -1);
}

TEST(ledger_test, goes_back_to_the_last_commit_after_an_abort) {
  ledger books;
  books.receive(10);
  books.settle(10, 10, 0, 0);
  auto committed = books.snapshot();
  books.receive(5);
  books.settle(5, 5, 0, 0);
  books.receive(7);
  books.restore(committed);
  EXPECT_EQ(books.snapshot(), committed);
}

TEST(ledger_test, is_balanced_in_every_snapshot_that_another_thread_takes) {
  constexpr int batches = 20'000;
  ledger books;
  std::atomic<int> sent{0};
  std::atomic<bool> done{false};
  std::uint64_t seen = 0, wrong = 0;
  std::thread stats{[&] {
    while (!done) {
      wrong += books.balanced() ? 0 : 1;
      ++seen;
    }
  }};
  std::thread emitter{[&] {
    for (int settled = 0; settled < batches;)
      if (settled < sent) {
        books.settle(7, 4, 2, 1);
        ++settled;
      }
  }};
  for (int i = 0; i < batches; ++i) {
    books.receive(7);
    ++sent;
  }
  emitter.join();
  done = true;
  stats.join();
  EXPECT_EQ(wrong, 0u) << "of " << seen;
  EXPECT_EQ(books.snapshot(), (ledger_snapshot{7 * batches, 4 * batches, 2 * batches, batches, 0}));
}

} // namespace
} // namespace weir::core
