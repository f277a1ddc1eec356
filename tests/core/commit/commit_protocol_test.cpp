#include "core/commit/commit_protocol.hpp"

#include <algorithm>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

using std::chrono::milliseconds;

std::string number(std::int64_t n) {
  return std::to_string(n);
}

/// Answers as the script says, then ok; writes down what it is asked.
struct scripted_broker final : commit_broker {
  broker_answer begin() override { return say("begin"); }
  broker_answer send_offsets(const std::vector<partition_offset>& offsets) override {
    std::string text = "offsets";
    for (const auto& entry : offsets)
      text += " " + number(value_of(entry.partition)) + "@" + number(value_of(entry.next));
    return say(text);
  }
  broker_answer commit() override { return say("commit"); }
  broker_answer abort() override { return say("abort"); }

  broker_answer say(const std::string& what) {
    log.push_back(what);
    if (answers.empty())
      return broker_answer::ok;
    const auto next = answers.front();
    answers.pop_front();
    return next;
  }

  std::deque<broker_answer> answers;
  std::vector<std::string>& log;
  explicit scripted_broker(std::vector<std::string>& l) : log{l} {}
};

struct recorded_lanes final : commit_lanes {
  void cut(partition_id p, epoch, bool last) override { log.push_back((last ? "last cut " : "cut ") + of(p)); }
  void release(partition_id p, epoch, bool last) override { log.push_back((last ? "end " : "release ") + of(p)); }
  void rewind(bool renew) override { log.push_back(renew ? "rewind, new producer" : "rewind"); }
  void finished(bool complete, bool renew) override {
    log.push_back(std::string{complete ? "finished" : "unfinished"} + (renew ? ", new producer" : ""));
  }
  void fenced_again() override { log.push_back("fenced again"); }

  static std::string of(partition_id p) { return number(value_of(p)); }

  std::vector<std::string>& log;
  explicit recorded_lanes(std::vector<std::string>& l) : log{l} {}
};

class commit_protocol_test : public ::testing::Test {
protected:
  using words = std::vector<std::string>;

  /// What has been said since the last call.
  words said() { return std::exchange(log, {}); }

  void advance(milliseconds by) {
    now += by;
    if (now >= protocol.deadline())
      protocol.tick(now);
  }

  void start(std::initializer_list<int> lanes_of) {
    protocol.restart(now);
    for (auto p : lanes_of)
      protocol.add_lane(partition_id{p}, offset{10}, now);
    said();
  }

  void cut() {
    advance(milliseconds(100));
    said();
  }

  void done(int partition, std::int64_t next, bool changed = true) {
    protocol.done(partition_id{partition}, protocol.current(), offset{next}, changed, now);
  }

  std::int64_t committed(int partition) { return value_of(*protocol.committed(partition_id{partition})); }

  words log;
  scripted_broker broker{log};
  recorded_lanes lanes{log};
  commit_protocol protocol{broker, lanes, {milliseconds(100), milliseconds(1000), milliseconds(500), milliseconds(50)}};
  instant now{};
};

constexpr auto retriable = broker_answer::retriable;
constexpr auto abortable = broker_answer::abortable;
constexpr auto fatal = broker_answer::fatal;

TEST_F(commit_protocol_test, commits_after_the_interval_when_every_lane_is_done) {
  start({0, 1});
  advance(milliseconds(99));
  EXPECT_EQ(said(), words{});
  advance(milliseconds(1));
  EXPECT_EQ(said(), (words{"cut 0", "cut 1"}));
  done(1, 15);
  EXPECT_EQ(said(), words{});
  done(0, 12);
  EXPECT_EQ(said(), (words{"offsets 0@12 1@15", "commit", "begin", "release 0", "release 1"}));
  EXPECT_EQ(committed(0), 12);
  EXPECT_EQ(committed(1), 15);
}

TEST_F(commit_protocol_test, an_epoch_in_which_nothing_came_asks_nothing_of_the_broker) {
  start({0});
  cut();
  done(0, 10, false);
  EXPECT_EQ(said(), (words{"release 0"}));
}

TEST_F(commit_protocol_test, a_lane_that_is_added_in_mid_epoch_waits_for_the_commit) {
  start({0});
  cut();
  protocol.add_lane(partition_id{7}, offset{3}, now);
  EXPECT_EQ(said(), words{});
  done(0, 11);
  EXPECT_EQ(said(), (words{"offsets 0@11", "commit", "begin", "release 0", "release 7"}));
  EXPECT_EQ(committed(7), 3);
}

TEST_F(commit_protocol_test, answers_to_an_epoch_that_is_over_are_ignored) {
  start({0});
  cut();
  const auto old = protocol.current();
  done(0, 11);
  cut();
  protocol.done(partition_id{0}, old, offset{50}, true, now);
  protocol.done(partition_id{9}, protocol.current(), offset{50}, true, now);
  EXPECT_EQ(said(), words{});
  EXPECT_EQ(committed(0), 11);
}

TEST_F(commit_protocol_test, a_failed_delivery_aborts_and_sends_the_lanes_back) {
  start({0, 1});
  cut();
  done(0, 12);
  protocol.delivery_failed(now);
  EXPECT_EQ(said(), (words{"abort", "rewind"}));
  EXPECT_TRUE(protocol.closed());
}

TEST_F(commit_protocol_test, a_commit_that_cannot_succeed_is_aborted) {
  for (const auto& answers : {std::deque{abortable}, std::deque{broker_answer::ok, abortable}}) {
    start({0});
    cut();
    broker.answers = answers;
    done(0, 11);
    const auto what = said();
    EXPECT_EQ((words{what.end() - 2, what.end()}), (words{"abort", "rewind"}));
  }
}

TEST_F(commit_protocol_test, a_retriable_answer_is_asked_again_after_a_while) {
  start({0});
  cut();
  broker.answers = {retriable, broker_answer::ok, retriable};
  done(0, 11);
  EXPECT_EQ(said(), (words{"offsets 0@11"}));
  advance(milliseconds(49));
  EXPECT_EQ(said(), words{});
  advance(milliseconds(1));
  EXPECT_EQ(said(), (words{"offsets 0@11", "commit"}));
  advance(milliseconds(50));
  EXPECT_EQ(said(), (words{"commit", "begin", "release 0"}));
}

TEST_F(commit_protocol_test, a_commit_of_unknown_outcome_is_left_to_a_new_producer) {
  start({0});
  cut();
  broker.answers.assign(100, retriable);
  broker.answers.push_front(broker_answer::ok);
  done(0, 11);
  for (int i = 0; i < 20; ++i)
    advance(milliseconds(50));
  const auto what = said();
  EXPECT_EQ(what.back(), "rewind, new producer");
  EXPECT_EQ(std::count(what.begin(), what.end(), "abort"), 0);
}

TEST_F(commit_protocol_test, an_abort_that_does_not_succeed_is_soon_left_to_a_new_producer) {
  start({0});
  cut();
  broker.answers.assign(1000, retriable);
  protocol.delivery_failed(now);
  for (int i = 0; i < 199; ++i) // 9,950 ms
    advance(milliseconds(50));
  EXPECT_FALSE(protocol.closed());
  advance(milliseconds(50));
  EXPECT_EQ(said().back(), "rewind, new producer");
}

TEST_F(commit_protocol_test, a_fenced_node_writes_nothing_more_and_asks_for_a_new_producer) {
  start({0});
  cut();
  broker.answers = {fatal};
  done(0, 11);
  EXPECT_EQ(said(), (words{"offsets 0@11", "rewind, new producer"}));
}

TEST_F(commit_protocol_test, a_node_that_is_fenced_twice_within_a_minute_has_a_rival) {
  for (const auto wait : {std::chrono::seconds(0), std::chrono::seconds(61), std::chrono::seconds(30)}) {
    now += wait;
    start({0});
    cut();
    broker.answers = {fatal};
    done(0, 11);
    const auto what = said();
    EXPECT_EQ(std::count(what.begin(), what.end(), "fenced again"), wait == std::chrono::seconds(30) ? 1 : 0);
  }
}

TEST_F(commit_protocol_test, a_lane_that_is_not_done_in_time_costs_the_epoch) {
  start({0, 1});
  cut();
  done(0, 11);
  advance(milliseconds(999));
  EXPECT_EQ(said(), words{});
  advance(milliseconds(1));
  EXPECT_EQ(said(), (words{"abort", "rewind"}));
}

TEST_F(commit_protocol_test,
       a_lane_that_does_not_come_through_its_stages_costs_the_epoch_though_others_wait_for_their_sinks) {
  start({0, 1});
  cut();
  protocol.arrived(partition_id{0}, protocol.current(), now);
  advance(milliseconds(1000));
  EXPECT_EQ(said(), (words{"abort", "rewind"}));
}

TEST_F(commit_protocol_test, lanes_that_wait_for_their_sinks_alone_have_as_long_as_the_sinks_own_time_out) {
  start({0, 1, 2});
  cut();
  protocol.arrived(partition_id{0}, protocol.current(), now);
  done(1, 11);
  protocol.arrived(partition_id{2}, protocol.current(), now);
  advance(milliseconds(329'000));
  EXPECT_EQ(said(), words{});
  done(2, 12);
  EXPECT_EQ(said(), words{});
  done(0, 12);
  EXPECT_EQ(said(), (words{"offsets 0@12 1@11 2@12", "commit", "begin", "release 0", "release 1", "release 2"}));
  cut();
  for (int p = 0; p < 3; ++p)
    protocol.arrived(partition_id{p}, protocol.current(), now);
  advance(milliseconds(330'000));
  EXPECT_EQ(said(), (words{"abort", "rewind"})) << "a sink that says nothing at all is given up in the end";
}

TEST_F(commit_protocol_test, an_offset_that_goes_back_costs_the_epoch) {
  start({0});
  cut();
  done(0, 9);
  EXPECT_EQ(said(), (words{"abort", "rewind"}));
}

TEST_F(commit_protocol_test, finishing_cuts_once_more_commits_and_ends_the_lanes) {
  start({0});
  protocol.finish(now, now + milliseconds(300));
  EXPECT_EQ(said(), (words{"last cut 0"}));
  done(0, 11);
  EXPECT_EQ(said(), (words{"offsets 0@11", "commit", "end 0", "finished"}));
  EXPECT_TRUE(protocol.closed());
}

TEST_F(commit_protocol_test, finishing_again_says_again_how_it_ended) {
  start({0});
  protocol.finish(now, now + milliseconds(300));
  done(0, 11);
  said();
  protocol.finish(now, now + milliseconds(300));
  EXPECT_EQ(said(), (words{"finished"}));
  start({0});
  protocol.lose(now);
  said();
  protocol.finish(now, now + milliseconds(300));
  EXPECT_EQ(said(), (words{"unfinished"}));
}

TEST_F(commit_protocol_test, finishing_in_the_middle_of_an_epoch_commits_what_was_read_behind_its_barrier_too) {
  start({0});
  cut();
  protocol.finish(now, now + milliseconds(300));
  EXPECT_EQ(said(), words{});
  done(0, 11);
  EXPECT_EQ(said(), (words{"offsets 0@11", "commit", "begin", "release 0"}));
  advance(milliseconds(0));
  EXPECT_EQ(said(), (words{"last cut 0"}));
  done(0, 15);
  EXPECT_EQ(said(), (words{"offsets 0@15", "commit", "end 0", "finished"}));
}

TEST_F(commit_protocol_test, finishing_does_not_wait_longer_than_its_time_for_a_transaction_to_open) {
  start({0});
  cut();
  protocol.finish(now, now + milliseconds(300));
  broker.answers = {broker_answer::ok, broker_answer::ok, retriable, retriable, retriable,
                    retriable,         retriable,         retriable, retriable};
  done(0, 11);
  for (int i = 0; i < 6; ++i)
    advance(milliseconds(50));
  EXPECT_EQ(log.back(), "unfinished");
}

TEST_F(commit_protocol_test, what_is_not_finished_in_time_is_aborted) {
  start({0});
  protocol.finish(now, now + milliseconds(300));
  said();
  advance(milliseconds(300));
  EXPECT_EQ(said(), (words{"abort", "unfinished"}));
}

TEST_F(commit_protocol_test, retries_do_not_outlast_the_time_for_finishing) {
  start({0});
  protocol.finish(now, now + milliseconds(300));
  broker.answers = {retriable, retriable, retriable, retriable, retriable, retriable, retriable};
  done(0, 11);
  for (int i = 0; i < 6; ++i)
    advance(milliseconds(50));
  EXPECT_EQ(log.back(), "unfinished");
}

TEST_F(commit_protocol_test, finishing_without_a_lane_is_over_at_once) {
  protocol.finish(now, now + milliseconds(300));
  EXPECT_EQ(said(), (words{"finished"}));
  start({});
  protocol.finish(now, now + milliseconds(300));
  EXPECT_EQ(said(), (words{"finished"}));
}

TEST_F(commit_protocol_test, finishing_while_a_transaction_opens_waits_for_it) {
  broker.answers = {retriable};
  protocol.restart(now);
  protocol.finish(now, now + milliseconds(300));
  advance(milliseconds(50));
  advance(milliseconds(0));
  EXPECT_EQ(said(), (words{"begin", "begin", "finished"}));
}

TEST_F(commit_protocol_test, a_lost_assignment_aborts_at_once) {
  start({0});
  cut();
  protocol.lose(now);
  EXPECT_EQ(said(), (words{"abort", "unfinished"}));
}

TEST_F(commit_protocol_test, hurrying_does_not_wait_for_the_interval) {
  start({0});
  protocol.hurry();
  advance(milliseconds(1));
  EXPECT_EQ(said(), (words{"cut 0"}));
}

TEST_F(commit_protocol_test, waits_for_nothing_when_it_has_nothing_to_do) {
  EXPECT_EQ(protocol.deadline(), instant::max());
  start({});
  EXPECT_EQ(protocol.deadline(), instant::max());
}

} // namespace
} // namespace weir::core
