#include "core/cluster/leadership.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

using namespace std::chrono_literals;
using texts = std::vector<std::string>;

class leadership_test : public ::testing::Test, leadership_commands {
protected:
  void announce() override { said.emplace_back("announce"); }
  void begin_supervisor(std::int64_t term) override { said.push_back("begin " + std::to_string(term)); }
  void end_supervisor() override { said.emplace_back("end"); }
  void call(const announcement& whom) override { said.push_back("call " + whom.node); }
  void hang_up(bool is_silent) override { said.emplace_back(is_silent ? "hang up, silent" : "hang up"); }
  void tell_all() override { said.emplace_back("tell all"); }
  void go_alone() override { said.emplace_back("alone"); }

  texts heard() { return std::exchange(said, {}); }

  void pass(std::chrono::milliseconds time) {
    for (auto passed = 0ms; passed < time; passed += 100ms) {
      now += 100ms;
      node.tick(now);
    }
  }
  void let_lead(const std::string& name, std::int64_t term, std::uint64_t incarnation) {
    node.announced({name, "h", 1, incarnation, term});
    node.tick(now);
  }
  bool say(const std::string& supervisor, std::int64_t term) {
    cluster_view view;
    view.supervisor = supervisor;
    view.term = term;
    return node.hear(view, now);
  }

  texts said;
  leadership::instant now{};
  leadership node{*this, {.node = "n1", .incarnation = 11}, now};
};

TEST_F(leadership_test, announces_itself_once_and_leads_when_the_topic_has_it) {
  node.tick(now);
  EXPECT_EQ(heard(), texts{});
  node.assigned(true);
  pass(1s);
  EXPECT_EQ(heard(), texts{"announce"});
  EXPECT_FALSE(node.lives_here());
  let_lead("n1", 5, 11);
  EXPECT_EQ(heard(), texts{"begin 5"});
  EXPECT_TRUE(node.lives_here());
}

TEST_F(leadership_test, takes_what_it_announced_in_a_former_life_for_anothers) {
  node.assigned(true);
  let_lead("n1", 5, 10);
  EXPECT_EQ(heard(), (texts{"announce", "call n1"}));
}

TEST_F(leadership_test, calls_again_with_back_off_while_nobody_answers) {
  let_lead("n2", 3, 20);
  for (int i = 0; i < 100; ++i) {
    node.unanswered(3, now);
    pass(100ms);
  }
  const auto calls = std::count(said.begin(), said.end(), "call n2");
  EXPECT_GT(calls, 5);
  EXPECT_LT(calls, 12);
}

TEST_F(leadership_test, does_not_call_twice_at_a_time) {
  let_lead("n2", 3, 20);
  pass(1s);
  EXPECT_EQ(heard(), texts{"call n2"});
}

TEST_F(leadership_test, ignores_the_answer_of_a_supervisor_of_before) {
  let_lead("n2", 3, 20);
  let_lead("n3", 4, 30);
  EXPECT_FALSE(node.answered(3, now));
  EXPECT_FALSE(node.is_in_touch());
  node.tick(now);
  EXPECT_EQ(heard(), (texts{"call n2", "call n3"}));
  EXPECT_TRUE(node.answered(4, now));
  EXPECT_TRUE(node.is_in_touch());
}

TEST_F(leadership_test, tells_all_when_a_supervisor_speaks_for_the_first_time_and_now_and_then) {
  let_lead("n2", 3, 20);
  node.answered(3, now);
  heard();
  EXPECT_TRUE(say("n2", 3));
  EXPECT_TRUE(say("n2", 3));
  EXPECT_EQ(heard(), texts{"tell all"});
  for (int i = 0; i < 101; ++i) {
    say("n2", 3);
    pass(100ms);
  }
  EXPECT_EQ(heard(), texts{"tell all"});
}

TEST_F(leadership_test, calls_a_silent_supervisor_again) {
  let_lead("n2", 3, 20);
  node.answered(3, now);
  say("n2", 3);
  heard();
  pass(3200ms);
  EXPECT_EQ(heard(), (texts{"hang up, silent", "call n2"}));
}

TEST_F(leadership_test, calls_again_when_the_line_is_dead) {
  let_lead("n2", 3, 20);
  node.answered(3, now);
  heard();
  node.line_lost(now);
  pass(100ms);
  EXPECT_EQ(heard(), (texts{"hang up, silent", "call n2"}));
}

TEST_F(leadership_test, says_once_that_nothing_was_heard_for_long) {
  let_lead("n2", 3, 20);
  say("n2", 3);
  heard();
  pass(8s);
  EXPECT_EQ(std::count(said.begin(), said.end(), "alone"), 1);
  say("n2", 3);
  pass(8s);
  EXPECT_EQ(std::count(said.begin(), said.end(), "alone"), 2);
}

TEST_F(leadership_test, listens_to_no_supervisor_of_before_nor_to_its_own_past) {
  let_lead("n2", 3, 20);
  EXPECT_TRUE(say("n2", 3));
  EXPECT_FALSE(say("n3", 2));
  EXPECT_FALSE(say("n1", 3)) << "this node does not lead";
}

TEST_F(leadership_test, knows_that_a_new_supervisor_has_not_spoken_yet) {
  let_lead("n2", 3, 20);
  say("n2", 3);
  EXPECT_FALSE(node.awaits_first_word());
  let_lead("n3", 4, 30);
  EXPECT_TRUE(node.awaits_first_word());
  say("n3", 4);
  EXPECT_FALSE(node.awaits_first_word());
}

TEST_F(leadership_test, steps_down_when_another_announces_itself_or_the_group_says_so) {
  node.assigned(true);
  let_lead("n1", 5, 11);
  heard();
  let_lead("n2", 6, 20);
  EXPECT_EQ(heard(), (texts{"end", "call n2"}));
  let_lead("n1", 7, 11);
  heard();
  node.assigned(false);
  EXPECT_EQ(heard(), texts{"end"});
}

TEST_F(leadership_test, announces_itself_again_when_another_did_and_does_not_answer) {
  node.assigned(true);
  let_lead("n1", 5, 11);
  let_lead("n2", 6, 20); // late news of one that is dead
  heard();
  node.unanswered(6, now);
  for (int i = 0; i < 40; ++i) {
    pass(100ms);
    node.unanswered(6, now);
  }
  EXPECT_EQ(std::count(said.begin(), said.end(), "announce"), 1);
}

TEST_F(leadership_test, begins_anew_when_the_supervisor_that_lives_here_dies) {
  node.lead_alone();
  EXPECT_EQ(heard(), texts{"begin 0"});
  node.supervisor_ended();
  EXPECT_EQ(heard(), texts{"begin 0"});
  EXPECT_TRUE(say("n1", 0));
}

} // namespace
} // namespace weir::core
