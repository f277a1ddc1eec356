#include "core/commit/take_up.hpp"

#include <gtest/gtest.h>

namespace weir::core {
namespace {

using texts = std::vector<std::string>;

/// Writes down what is commanded; the answers are the test's.
class take_up_test : public ::testing::Test, take_up_commands {
protected:
  void restore(std::uint64_t n, const std::vector<partition_id>& of) override {
    number = n;
    said.push_back("restore " + std::to_string(of.size()));
  }
  void ask_places(std::uint64_t, const std::vector<partition_id>&) override { said.emplace_back("ask"); }
  void retry_later(std::uint64_t, const error& why) override { said.push_back("retry: " + why.what); }
  void give_up(const error& why) override { said.push_back("give up: " + why.what); }
  void start_lanes(std::uint64_t round, const std::vector<lane_origin>& lanes) override {
    said.push_back("start " + std::to_string(round));
    origins = lanes;
  }
  void end_lanes(bool lost) override { said.emplace_back(lost ? "end lost" : "end"); }
  void fetch(const std::vector<partition_offset>& from, bool with_control) override {
    said.push_back("fetch " + std::to_string(from.size()) + (with_control ? " and control" : ""));
    fetched = from;
  }
  void let_go() override { said.emplace_back("let go"); }
  void join() override { said.emplace_back("join"); }
  void leave() override { said.emplace_back("leave"); }
  void lead(bool on) override { leads = on; }
  void know_lanes(bool known) override { knows = known; }

  texts heard() { return std::exchange(said, {}); }

  void restored_at(std::int64_t next) { partitions.restored(number, std::vector{found_state{id, true, offset{next}}}); }
  void group_is_at(std::optional<std::int64_t> next) {
    const auto committed = next ? std::optional{offset{*next}} : std::nullopt;
    partitions.places_known(number, std::vector{group_place{id, committed, log_start, log_end}});
  }

  /// As far as the answer of the group, where nothing was ever committed.
  void begin_without_state() {
    partitions.join();
    partitions.assigned({id}, false);
    partitions.restored(number, std::vector{found_state{id, false, {}}});
    said.clear();
  }

  /// The same where state and group are at `next`.
  void begin_at(std::int64_t next) {
    partitions.join();
    partitions.assigned({id}, false);
    restored_at(next);
    said.clear();
    group_is_at(next);
  }

  /// One partition is assigned and its lane runs.
  void run_lane() {
    partitions.join();
    partitions.assigned({id}, false);
    restored_at(7);
    group_is_at(7);
    partitions.lanes_started();
    said.clear();
  }

  /// One more attempt; what is said is its outcome.
  void try_again_at(std::int64_t state, std::optional<std::int64_t> group) {
    partitions.retry(number);
    restored_at(state);
    said.clear();
    group_is_at(group);
  }

  static constexpr partition_id id{3};
  std::uint64_t number = 0;
  texts said;
  std::vector<lane_origin> origins;
  std::vector<partition_offset> fetched;
  bool leads = false;
  bool knows = false;
  offset log_start{2};
  offset log_end{100};
  take_up partitions{*this, "in"};
};

TEST_F(take_up_test, restores_then_asks_then_starts_lanes_and_fetches_when_they_are_there) {
  partitions.join();
  partitions.assigned({id}, true);
  EXPECT_TRUE(leads);
  EXPECT_EQ(heard(), (texts{"join", "restore 1"}));
  restored_at(7);
  EXPECT_EQ(heard(), texts{"ask"});
  group_is_at(7);
  EXPECT_EQ(heard(), texts{"start 0"});
  EXPECT_EQ(origins.at(0).next, offset{7});
  partitions.lanes_started();
  EXPECT_EQ(heard(), texts{"fetch 1 and control"});
  EXPECT_EQ(fetched.at(0).next, offset{7});
}

TEST_F(take_up_test, fetches_at_once_when_it_was_given_no_partition) {
  partitions.join();
  partitions.assigned({}, true);
  EXPECT_EQ(heard(), (texts{"join", "fetch 0 and control"}));
  EXPECT_TRUE(knows);
}

TEST_F(take_up_test, begins_with_the_first_record_there_is_where_nothing_was_ever_committed) {
  begin_without_state();
  group_is_at(std::nullopt);
  EXPECT_EQ(origins.at(0).next, offset{2});
  EXPECT_EQ(origins.at(0).lost, 0u) << "nobody was to read what stood in front of it";
  partitions.lanes_started();
  EXPECT_EQ(fetched.at(0).next, offset{2});
}

TEST_F(take_up_test, begins_at_the_end_when_it_is_told_to) {
  const auto found =
      origins_of({{id, false, {}}}, {{id, std::nullopt, log_start, log_end}}, {offset_reset::latest, false}, "in")
          .value_or(std::vector<lane_origin>{});
  EXPECT_EQ(found.at(0).next, offset{100});
}

TEST_F(take_up_test, has_no_place_to_begin_where_there_has_to_be_an_offset_and_is_none) {
  const auto why = why_not_begin({{id, std::nullopt, log_start, log_end}}, {offset_reset::error, false}, "in");
  ASSERT_TRUE(why);
  EXPECT_EQ(why->what, "the group has no offset for the log of in/3, and auto.offset.reset is error");
}

TEST_F(take_up_test, has_no_place_to_begin_behind_the_end_of_a_log) {
  const auto why = why_not_begin({{id, std::nullopt, offset{101}, offset{100}}}, {}, "in");
  ASSERT_TRUE(why);
  EXPECT_EQ(why->what, "the log of in/3 ends at offset 100, and is to be begun at 101");
  EXPECT_FALSE(why_not_begin({{id, std::nullopt, offset{100}, offset{100}}}, {}, "in"));
}

TEST_F(take_up_test, ends_the_node_when_records_are_gone_that_were_never_read) {
  log_start = offset{10};
  begin_at(7);
  EXPECT_EQ(heard(), texts{"give up: the log of in/3 begins at offset 10 by now, and was read only up to 7"});
}

TEST_F(take_up_test, goes_on_without_records_that_are_gone_when_it_may_and_says_how_many) {
  const std::vector<group_place> places{{id, offset{7}, offset{10}, log_end}};
  const start_rule rule{offset_reset::earliest, true};
  EXPECT_FALSE(why_not_begin(places, rule, "in"));
  const auto found = origins_of({{id, true, offset{7}}}, places, rule, "in").value_or(std::vector<lane_origin>{});
  EXPECT_EQ(found.at(0).next, offset{10});
  EXPECT_EQ(found.at(0).lost, 3u);
}

TEST_F(take_up_test, waits_for_the_end_of_a_log_that_seems_cut_short_and_then_ends_the_node) {
  log_end = offset{6};
  begin_at(7);
  const std::string why = "the log of in/3 ends at offset 6, and was read up to 7";
  for (int i = 0; i < 9; ++i) {
    EXPECT_EQ(heard(), texts{"retry: " + why});
    try_again_at(7, 7);
  }
  EXPECT_EQ(heard(), texts{"give up: " + why});
}

TEST_F(take_up_test, ends_the_node_when_state_and_offset_do_not_come_to_agree) {
  partitions.join();
  partitions.assigned({id}, false);
  restored_at(7);
  group_is_at(std::nullopt); // as after the topic was made anew
  for (int i = 0; i < 9; ++i)
    try_again_at(7, std::nullopt);
  EXPECT_EQ(heard(), texts{"give up: the state of partition 3 reflects offset 7, the group's offset is none"});
}

TEST_F(take_up_test, goes_on_when_a_log_that_seemed_cut_short_is_whole) {
  log_end = offset{6};
  begin_at(7);
  log_end = offset{7};
  try_again_at(7, 7);
  EXPECT_EQ(heard(), texts{"start 0"});
}

TEST_F(take_up_test, goes_on_from_the_groups_offset_where_there_is_no_state) {
  const auto found = origins_of({{id, false, {}}}, {{id, offset{5}, log_start, log_end}}, {}, "in")
                         .value_or(std::vector<lane_origin>{});
  EXPECT_EQ(found.at(0).next, offset{5});
}

TEST_F(take_up_test, starts_no_lane_whose_state_and_offset_do_not_agree) {
  partitions.join();
  partitions.assigned({id}, false);
  restored_at(7);
  said.clear();
  group_is_at(8);
  EXPECT_EQ(heard(), texts{"retry: the state of partition 3 reflects offset 7, the group's offset is 8"});
}

TEST_F(take_up_test, tries_again_when_a_restore_or_an_offset_fails) {
  partitions.join();
  partitions.assigned({id}, false);
  heard();
  partitions.restored(number, fail("no broker"));
  EXPECT_EQ(heard(), texts{"retry: no broker"});
  partitions.retry(number);
  EXPECT_EQ(heard(), texts{"restore 1"});
  restored_at(7);
  heard();
  partitions.places_known(number, fail("no coordinator"));
  EXPECT_EQ(heard(), texts{"retry: no coordinator"});
}

TEST_F(take_up_test, ignores_the_repetition_of_an_attempt_that_is_over) {
  partitions.join();
  partitions.assigned({id}, false);
  const auto first = number;
  partitions.restored(first, fail("no broker"));
  partitions.revoked(false);
  partitions.lanes_ended(1);
  partitions.assigned({id}, false); // the second attempt runs
  heard();
  partitions.retry(first);
  EXPECT_EQ(heard(), texts{});
  restored_at(7);
  group_is_at(7);
  EXPECT_EQ(heard(), (texts{"ask", "start 1"}));
  partitions.retry(first);
  partitions.retry(number);
  EXPECT_EQ(heard(), texts{}) << "its lanes are about to start";
}

TEST_F(take_up_test, ignores_what_an_attempt_finds_that_is_over) {
  partitions.join();
  partitions.assigned({id}, false);
  const auto first = number;
  partitions.revoked(false);
  partitions.lanes_ended(1);
  partitions.assigned({id}, false);
  heard();
  partitions.restored(first, std::vector{found_state{id, true, offset{1}}});
  partitions.places_known(first, std::vector{group_place{id, offset{1}, log_start, log_end}});
  EXPECT_EQ(heard(), texts{});
}

TEST_F(take_up_test, gives_back_what_the_group_asks_for_when_the_lanes_have_ended) {
  run_lane();
  knows = true;
  partitions.revoked(false);
  EXPECT_FALSE(knows);
  EXPECT_EQ(heard(), texts{"end"});
  partitions.lanes_ended(1);
  EXPECT_EQ(heard(), texts{"let go"});
  partitions.lanes_ended(2); // of a revocation that a rewind has crossed
  EXPECT_EQ(heard(), texts{}) << "it has none, and nobody asks for them";
}

TEST_F(take_up_test, takes_up_once_more_when_it_is_told_twice_that_lanes_have_ended) {
  run_lane();
  partitions.revoked(false);
  partitions.lanes_ended(1); // for a rewind that was on its way: they are given back
  partitions.assigned({id}, false);
  heard();
  partitions.lanes_ended(2); // for the revocation
  EXPECT_EQ(heard(), (texts{"let go", "restore 1"}));
  restored_at(7);
  group_is_at(7);
  EXPECT_EQ(heard(), (texts{"ask", "start 2"}));
}

TEST_F(take_up_test, gives_the_lead_up_when_the_assignment_is_lost_and_not_when_it_is_revoked) {
  partitions.join();
  partitions.assigned({id}, true);
  partitions.revoked(false);
  EXPECT_TRUE(leads);
  partitions.revoked(true);
  EXPECT_FALSE(leads);
  EXPECT_EQ(heard(), (texts{"join", "restore 1", "end", "end lost"}));
}

TEST_F(take_up_test, gives_back_at_once_when_it_has_no_partition) {
  partitions.join();
  partitions.assigned({}, false);
  heard();
  partitions.revoked(false);
  EXPECT_EQ(heard(), texts{"let go"});
}

TEST_F(take_up_test, takes_up_what_is_assigned_before_the_lanes_of_the_last_assignment_have_ended) {
  run_lane();
  partitions.revoked(false);
  partitions.assigned({id}, false);
  EXPECT_EQ(heard(), texts{"end"});
  partitions.lanes_ended(1);
  EXPECT_EQ(heard(), (texts{"let go", "restore 1"}));
}

TEST_F(take_up_test, takes_the_same_partitions_up_again_after_a_rewind) {
  run_lane();
  partitions.lanes_ended(4);
  EXPECT_EQ(heard(), (texts{"let go", "restore 1"}));
  restored_at(7);
  group_is_at(7);
  EXPECT_EQ(heard(), (texts{"ask", "start 4"})) << "lanes are known by the round that ended those before";
}

TEST_F(take_up_test, fetches_for_no_lanes_that_have_been_taken_away_meanwhile) {
  partitions.join();
  partitions.assigned({id}, false);
  restored_at(7);
  group_is_at(7);
  partitions.revoked(false);
  heard();
  partitions.lanes_started();
  EXPECT_EQ(heard(), texts{});
}

TEST_F(take_up_test, answers_the_group_and_takes_up_nothing_once_it_has_left) {
  run_lane();
  partitions.leave(1);
  EXPECT_FALSE(knows);
  EXPECT_EQ(heard(), (texts{"let go", "leave"}));
  partitions.revoked(false);
  partitions.assigned({id}, false); // both were under way
  EXPECT_EQ(heard(), (texts{"let go", "let go"}));
  partitions.join();
  partitions.assigned({id}, false);
  EXPECT_EQ(heard(), (texts{"join", "restore 1"}));
}

TEST_F(take_up_test, joins_once) {
  partitions.join();
  partitions.join();
  EXPECT_EQ(heard(), texts{"join"});
}

} // namespace
} // namespace weir::core
