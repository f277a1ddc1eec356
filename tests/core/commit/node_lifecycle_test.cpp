#include "core/commit/node_lifecycle.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

using namespace std::chrono_literals;
using texts = std::vector<std::string>;

/// Writes down what is commanded; the answers are the test's.
class node_lifecycle_test : public ::testing::Test, node_commands {
protected:
  void open_transaction() override { said.emplace_back("open"); }
  bool start_lanes() override {
    said.emplace_back("start");
    return can_start;
  }
  void hold_lanes(bool on) override { said.emplace_back(on ? "hold" : "go"); }
  void finish_lanes(std::chrono::milliseconds within) override {
    said.push_back("finish " + std::to_string(within / 1ms));
  }
  void lose_lanes() override { said.emplace_back("lose"); }
  bool end_lanes() override {
    said.emplace_back("end");
    return !has_lanes;
  }
  void join_source() override { said.emplace_back("join"); }
  void give_back(std::uint64_t) override { said.emplace_back("give back"); }
  void leave_source(std::uint64_t) override { said.emplace_back("leave"); }
  void show(goal wanted, bool reached) override {
    shown = std::string{to_string(wanted)} + (reached ? ", reached" : "");
  }
  void shut_down() override { said.emplace_back("shut down"); }

  texts heard() { return std::exchange(said, {}); }

  void run_lanes() {
    node.taken_up(node.round());
    node.opened();
    has_lanes = true;
    said.clear();
  }
  void gone() {
    has_lanes = false;
    node.lanes_gone();
  }

  texts said;
  std::string shown;
  bool can_start = true;
  bool has_lanes = false; ///< they do not end at once
  node_lifecycle node{*this, {.rebalance = 10ms, .shutdown = 30ms, .source_end = 1h}};
};

TEST_F(node_lifecycle_test, starts_lanes_when_they_are_restored_and_a_transaction_is_open) {
  node.start();
  EXPECT_EQ(heard(), (texts{"open", "join"}));
  node.opened();
  EXPECT_EQ(heard(), texts{}) << "there are none";
  EXPECT_TRUE(node.taken_up(0));
  EXPECT_EQ(heard(), texts{"open"});
  node.opened();
  EXPECT_EQ(heard(), texts{"start"});
}

TEST_F(node_lifecycle_test, gives_partitions_back_when_the_lanes_are_gone) {
  run_lanes();
  node.revoked(false);
  EXPECT_EQ(heard(), texts{"finish 10"});
  node.finished(true);
  EXPECT_EQ(heard(), texts{"end"});
  gone();
  EXPECT_EQ(heard(), (texts{"open", "give back"}));
}

TEST_F(node_lifecycle_test, gives_back_at_once_what_has_no_lanes_yet) {
  node.taken_up(0);
  heard();
  node.revoked(false);
  EXPECT_EQ(heard(), (texts{"end", "open", "give back"}));
  node.opened();
  EXPECT_EQ(heard(), texts{});
}

TEST_F(node_lifecycle_test, loses_what_is_lost_even_while_it_finishes) {
  run_lanes();
  node.revoked(false);
  node.revoked(true);
  EXPECT_EQ(heard(), (texts{"finish 10", "lose"}));
  node.finished(false);
  gone();
  EXPECT_EQ(heard(), (texts{"end", "open", "give back"}));
  EXPECT_TRUE(node.is_complete()) << "another reads it";
}

TEST_F(node_lifecycle_test, rebuilds_the_lanes_after_a_rewind) {
  run_lanes();
  node.rewound();
  EXPECT_EQ(heard(), texts{"end"});
  gone();
  EXPECT_EQ(heard(), (texts{"open", "give back"}));
}

TEST_F(node_lifecycle_test, starts_no_lanes_of_an_older_round) {
  run_lanes();
  node.rewound();
  gone();
  EXPECT_FALSE(node.taken_up(0));
  EXPECT_TRUE(node.taken_up(1));
}

TEST_F(node_lifecycle_test, starts_no_lanes_beside_those_that_run) {
  run_lanes();
  EXPECT_FALSE(node.taken_up(0));
}

TEST_F(node_lifecycle_test, waits_for_the_answer_to_what_it_asked_whatever_rewinds_were_on_their_way) {
  run_lanes();
  node.revoked(false);
  heard();
  node.rewound();
  EXPECT_EQ(heard(), texts{});
  node.finished(false);
  EXPECT_EQ(heard(), texts{"end"});
}

TEST_F(node_lifecycle_test, gives_back_what_is_revoked_while_the_lanes_end_for_a_rewind) {
  run_lanes();
  node.rewound();
  node.revoked(false);
  gone();
  EXPECT_EQ(heard(), (texts{"end", "open", "give back"}));
}

TEST_F(node_lifecycle_test, opens_another_transaction_when_the_first_came_to_nothing) {
  node.taken_up(0);
  heard();
  node.rewound();
  EXPECT_EQ(heard(), texts{"open"});
  node.opened();
  EXPECT_EQ(heard(), texts{"start"});
}

TEST_F(node_lifecycle_test, stops_when_what_was_read_is_committed) {
  run_lanes();
  node.want(goal::stopped);
  EXPECT_EQ(shown, "stopped");
  EXPECT_EQ(heard(), texts{"finish 30"});
  node.finished(true);
  gone();
  EXPECT_EQ(heard(), (texts{"end", "shut down"}));
  EXPECT_TRUE(node.is_over());
  EXPECT_TRUE(node.is_complete());
  EXPECT_FALSE(node.is_exhausted());
}

TEST_F(node_lifecycle_test, says_that_it_is_not_complete_when_the_last_records_were_undone) {
  run_lanes();
  node.want(goal::stopped);
  node.finished(false);
  gone();
  EXPECT_FALSE(node.is_complete());
}

TEST_F(node_lifecycle_test, is_not_complete_when_it_stops_between_a_rewind_and_the_next_lanes) {
  run_lanes();
  node.rewound();
  gone();
  node.want(goal::stopped);
  EXPECT_TRUE(node.is_over());
  EXPECT_FALSE(node.is_complete());
}

TEST_F(node_lifecycle_test, is_told_nothing_else_once_it_is_to_stop) {
  run_lanes();
  node.want(goal::stopped);
  heard();
  node.want(goal::running);
  node.want(goal::stopped);
  EXPECT_EQ(heard(), texts{});
}

TEST_F(node_lifecycle_test, holds_the_lanes_while_it_is_paused) {
  run_lanes();
  node.want(goal::paused);
  EXPECT_EQ(heard(), texts{"hold"});
  node.want(goal::paused);
  EXPECT_EQ(heard(), texts{});
  node.want(goal::running);
  EXPECT_EQ(heard(), texts{"go"});
}

TEST_F(node_lifecycle_test, does_not_read_on_to_stop_when_it_was_paused) {
  run_lanes();
  node.want(goal::paused);
  node.want(goal::stopped);
  EXPECT_EQ(heard(), (texts{"hold", "finish 30"}));
}

TEST_F(node_lifecycle_test, drains_leaves_and_joins_again) {
  run_lanes();
  node.want(goal::drained);
  EXPECT_EQ(shown, "drained");
  EXPECT_EQ(heard(), texts{"finish 30"});
  node.finished(true);
  gone();
  EXPECT_EQ(heard(), (texts{"end", "open", "leave"}));
  EXPECT_EQ(shown, "drained, reached");
  EXPECT_FALSE(node.taken_up(node.round())) << "it has no part in the source";
  node.opened();
  EXPECT_EQ(heard(), texts{});
  node.want(goal::running);
  EXPECT_EQ(heard(), (texts{"go", "join"}));
  EXPECT_TRUE(node.taken_up(node.round()));
  node.opened();
  EXPECT_EQ(heard(), (texts{"open", "start"}));
}

TEST_F(node_lifecycle_test, drains_at_once_when_it_has_no_lanes) {
  node.taken_up(0);
  heard();
  node.want(goal::drained);
  EXPECT_EQ(heard(), (texts{"end", "open", "leave"}));
}

TEST_F(node_lifecycle_test, goes_on_from_its_commit_when_it_is_resumed_before_it_was_drained) {
  run_lanes();
  node.want(goal::drained);
  node.want(goal::running);
  node.finished(true);
  gone();
  EXPECT_EQ(heard(), (texts{"finish 30", "go", "end", "open", "give back"}));
}

TEST_F(node_lifecycle_test, leaves_when_partitions_are_revoked_while_it_drains) {
  run_lanes();
  node.want(goal::drained);
  node.revoked(false);
  EXPECT_EQ(heard(), (texts{"finish 30", "finish 10"}));
  node.finished(true);
  gone();
  EXPECT_EQ(heard(), (texts{"end", "open", "leave"}));
}

TEST_F(node_lifecycle_test, drains_after_a_rewind_without_rebuilding_the_lanes) {
  run_lanes();
  node.rewound();
  node.want(goal::drained);
  gone();
  EXPECT_EQ(heard(), (texts{"end", "open", "leave"}));
}

TEST_F(node_lifecycle_test, stops_when_it_is_drained) {
  run_lanes();
  node.want(goal::drained);
  node.finished(true);
  gone();
  heard();
  node.want(goal::stopped);
  EXPECT_EQ(heard(), texts{"shut down"});
  EXPECT_TRUE(node.is_complete());
}

TEST_F(node_lifecycle_test, holds_its_lanes_when_it_goes_from_drained_to_paused) {
  run_lanes();
  node.want(goal::drained);
  node.finished(true);
  gone();
  heard();
  node.want(goal::paused);
  EXPECT_EQ(heard(), (texts{"hold", "join"}));
}

TEST_F(node_lifecycle_test, ends_when_its_source_is_read_to_the_end) {
  run_lanes();
  node.exhausted();
  EXPECT_EQ(heard(), texts{"finish 3600000"});
  node.finished(true);
  gone();
  EXPECT_EQ(heard(), (texts{"end", "shut down"}));
  EXPECT_TRUE(node.is_exhausted());
}

TEST_F(node_lifecycle_test, reads_the_end_of_a_source_again_when_it_was_undone) {
  run_lanes();
  node.exhausted();
  node.finished(false);
  gone();
  EXPECT_EQ(heard(), (texts{"finish 3600000", "end", "open", "give back"}));
  EXPECT_FALSE(node.is_exhausted());
}

TEST_F(node_lifecycle_test, is_in_a_hurry_when_it_is_stopped_at_the_end_of_its_source) {
  run_lanes();
  node.exhausted();
  node.want(goal::stopped);
  EXPECT_EQ(heard(), (texts{"finish 3600000", "finish 30"}));
}

TEST_F(node_lifecycle_test, ends_when_another_has_its_name) {
  run_lanes();
  node.must_end();
  node.rewound();
  gone();
  EXPECT_EQ(heard(), (texts{"end", "shut down"}));
  EXPECT_FALSE(node.is_complete());
}

TEST_F(node_lifecycle_test, ends_when_its_lanes_cannot_be_started) {
  node.taken_up(0);
  heard();
  can_start = false;
  has_lanes = true; // some of them were
  node.opened();
  EXPECT_EQ(heard(), (texts{"start", "end"}));
  gone();
  EXPECT_EQ(heard(), texts{"shut down"});
  EXPECT_FALSE(node.is_complete());
}

TEST_F(node_lifecycle_test, ends_when_its_source_cannot_be_read) {
  node.fail();
  EXPECT_EQ(heard(), (texts{"end", "shut down"}));
  EXPECT_FALSE(node.is_complete());
}

} // namespace
} // namespace weir::core
