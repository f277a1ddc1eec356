#include "io/kafka/partition_feed.hpp"

#include <algorithm>
#include <condition_variable>
#include <optional>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

namespace weir::io {
namespace {

class partition_feed_test : public ::testing::Test {
protected:
  /// A block of so many records of 100 bytes.
  static core::record_block_ptr block(std::size_t records, std::size_t bytes = 100) {
    auto made = std::make_shared<core::record_block>();
    for (std::size_t i = 0; i < records; ++i)
      made->append("", std::string(bytes, 'v'));
    return made;
  }

  delivery& make(core::record_block_ptr records, std::vector<std::size_t> refused = {}) {
    told.emplace_back();
    auto* out =
        new delivery{.block = std::move(records), .then = [this, i = told.size() - 1](bool ok) { told[i] = ok; }};
    out->remaining = out->block->size() - refused.size() + 1;
    out->refused = std::move(refused);
    return *out;
  }

  /// librdkafka: keeps what it is given, and takes no more than `takes` of each call.
  partition_feed make_feed(partition_feed::request_limits limits) {
    return {limits, [this](delivery& from, std::size_t first, std::size_t end) {
              std::size_t taken = 0;
              for (auto i = first; i < end; ++i) {
                if (std::find(from.refused.begin(), from.refused.end(), i) != from.refused.end())
                  continue;
                if (taken == takes) {
                  from.ok = false;
                  from.settle(1);
                  continue;
                }
                ++taken;
                given.push_back(&from);
              }
              calls.push_back(taken);
              return taken;
            }};
  }

  /// All that was given is delivered.
  void land(partition_feed& feed) {
    for (auto* from : std::exchange(given, {})) {
      from->settle(1);
      feed.landed();
    }
  }

  std::deque<std::optional<bool>> told; ///< by block
  std::vector<delivery*> given;
  std::vector<std::size_t> calls; ///< records taken
  std::size_t takes = SIZE_MAX;
};

TEST_F(partition_feed_test, gives_one_request_at_a_time_and_fills_the_next_with_what_came_meanwhile) {
  auto feed = make_feed({.records = 10, .bytes = 1'000'000});
  feed.push(make(block(3)));
  EXPECT_EQ(given.size(), 3u);
  feed.push(make(block(4)));
  feed.push(make(block(8)));
  EXPECT_EQ(given.size(), 3u);
  EXPECT_TRUE(feed.is_waiting());
  land(feed);
  EXPECT_EQ(told[0], true);
  EXPECT_EQ(calls, (std::vector<std::size_t>{3, 4, 6}));
  EXPECT_EQ(told[1], std::nullopt);
  land(feed);
  EXPECT_EQ(told[1], true);
  EXPECT_EQ(told[2], std::nullopt);
  EXPECT_EQ(given.size(), 2u);
  EXPECT_FALSE(feed.is_waiting());
  land(feed);
  EXPECT_EQ(told[2], true);
  land(feed);
  feed.push(make(block(1)));
  EXPECT_EQ(given.size(), 1u);
  land(feed);
  EXPECT_EQ(told[3], true);
}

TEST_F(partition_feed_test, a_request_stays_below_its_bytes_and_holds_one_record_at_least) {
  auto feed = make_feed({.records = 1000, .bytes = 1000});
  feed.push(make(block(20, 236))); // 300 with what frames it
  EXPECT_EQ(given.size(), 2u);
  land(feed);
  feed.push(make(block(2, 5000)));
  for (int requests = 0; feed.is_waiting(); ++requests) {
    ASSERT_LT(requests, 20);
    ASSERT_LE(given.size(), 2u);
    land(feed);
  }
  land(feed);
  EXPECT_EQ(told[0], true);
  EXPECT_EQ(told[1], true);
}

TEST_F(partition_feed_test, leaves_out_what_was_refused) {
  auto feed = make_feed({.records = 2, .bytes = 1'000'000});
  feed.push(make(block(5), {0, 1, 4}));
  for (int requests = 0; feed.is_waiting(); ++requests) {
    ASSERT_LT(requests, 20);
    land(feed);
  }
  land(feed);
  EXPECT_EQ(told[0], true);
}

TEST_F(partition_feed_test, goes_on_when_librdkafka_takes_nothing) {
  auto feed = make_feed({.records = 4, .bytes = 1'000'000});
  takes = 0;
  feed.push(make(block(10)));
  EXPECT_EQ(told[0], false);
  EXPECT_FALSE(feed.is_waiting());
  takes = SIZE_MAX;
  feed.push(make(block(1)));
  land(feed);
  EXPECT_EQ(told[1], true);
}

TEST_F(partition_feed_test, what_is_dropped_is_lost_and_what_was_given_still_lands) {
  auto feed = make_feed({.records = 4, .bytes = 1'000'000});
  feed.push(make(block(6), {5}));
  feed.push(make(block(2)));
  feed.drop();
  EXPECT_EQ(told[0], std::nullopt);
  EXPECT_EQ(told[1], false);
  land(feed);
  EXPECT_EQ(told[0], false);
  feed.push(make(block(1)));
  land(feed);
  EXPECT_EQ(told[2], true);
}

TEST_F(partition_feed_test, every_block_is_told_once_with_writers_and_reports_on_threads_of_their_own) {
  std::mutex mutex;
  std::condition_variable_any more;
  std::deque<delivery*> in_flight;
  std::size_t most_at_once = 0;
  partition_feed feed{{.records = 50, .bytes = 1'000'000}, [&](delivery& from, std::size_t first, std::size_t end) {
                        const std::lock_guard lock{mutex};
                        for (auto i = first; i < end; ++i)
                          in_flight.push_back(&from);
                        most_at_once = std::max(most_at_once, in_flight.size());
                        more.notify_one();
                        return end - first;
                      }};
  constexpr std::size_t blocks = 2000;
  std::atomic<std::size_t> through{0};
  std::jthread reports{[&](const std::stop_token& stop) {
    while (true) {
      std::unique_lock lock{mutex};
      if (!more.wait(lock, stop, [&] { return !in_flight.empty(); }))
        return;
      auto* from = in_flight.front();
      in_flight.pop_front();
      lock.unlock();
      from->settle(1);
      feed.landed();
    }
  }};
  {
    std::vector<std::jthread> writers;
    for (int w = 0; w < 2; ++w)
      writers.emplace_back([&] {
        for (std::size_t i = 0; i < blocks; ++i) {
          auto* out = new delivery{.block = block(1 + i % 130, 1), .then = [&](bool ok) { through += ok ? 1 : 0; }};
          out->remaining = out->block->size() + 1;
          feed.push(*out);
        }
      });
  }
  while (through != 2 * blocks)
    std::this_thread::yield();
  EXPECT_LE(most_at_once, 50u);
  EXPECT_FALSE(feed.is_waiting());
}

} // namespace
} // namespace weir::io
