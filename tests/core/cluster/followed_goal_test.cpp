#include "core/cluster/followed_goal.hpp"

#include <gtest/gtest.h>

namespace weir::core {
namespace {

using namespace std::chrono_literals;

class followed_goal_test : public ::testing::Test {
protected:
  static cluster_view view_of(goal wanted, node_phase of_other, std::int64_t age_ms = 0) {
    cluster_view view;
    view.wanted = wanted;
    view.nodes.resize(2);
    view.nodes[0].report.node = "n1";
    view.nodes[1].report.node = "n2";
    view.nodes[1].report.phase = of_other;
    view.nodes[1].age_ms = age_ms;
    return view;
  }

  followed_goal goals{"n1", 2000ms};
  followed_goal::instant now{};
};

TEST_F(followed_goal_test, lets_what_was_asked_here_count_until_a_view_shows_it) {
  EXPECT_EQ(goals.seen(goal::running), goal::running);
  goals.ask(goal::drained);
  EXPECT_EQ(goals.asked(), goal::drained);
  EXPECT_EQ(goals.seen(goal::running), goal::drained) << "sent before the request came";
  EXPECT_EQ(goals.asked(), goal::drained);
  EXPECT_EQ(goals.seen(goal::drained), goal::drained);
  EXPECT_FALSE(goals.asked());
  EXPECT_EQ(goals.seen(goal::running), goal::running) << "somebody else has asked for that";
}

TEST_F(followed_goal_test, leaves_it_to_the_supervisor_when_all_stop) {
  goals.ask(goal::stopped);
  EXPECT_EQ(goals.seen(goal::running), goal::running);
  EXPECT_EQ(goals.asked(), goal::stopped);
}

TEST_F(followed_goal_test, asks_a_pipeline_that_is_to_stop_for_nothing_else) {
  goals.ask(goal::running);
  EXPECT_EQ(goals.seen(goal::stopped), goal::stopped);
  EXPECT_FALSE(goals.asked());
}

TEST_F(followed_goal_test, stops_at_once_where_the_supervisor_does_not_live) {
  EXPECT_EQ(goals.to_do(view_of(goal::stopped, node_phase::running), false, now), goal::stopped);
}

TEST_F(followed_goal_test, goes_on_where_the_supervisor_lives_until_the_others_know_that_they_are_to_stop) {
  goals.to_do(view_of(goal::paused, node_phase::paused), true, now);
  EXPECT_EQ(goals.to_do(view_of(goal::stopped, node_phase::paused), true, now), goal::paused);
  EXPECT_EQ(goals.to_do(view_of(goal::stopped, node_phase::stopping), true, now + 1s), goal::stopped);
}

TEST_F(followed_goal_test, does_not_wait_for_ever_for_a_node_that_does_not_hear) {
  EXPECT_EQ(goals.to_do(view_of(goal::stopped, node_phase::running), true, now), goal::running);
  EXPECT_EQ(goals.to_do(view_of(goal::stopped, node_phase::running), true, now + 2100ms), goal::stopped);
}

TEST_F(followed_goal_test, does_not_wait_for_a_node_that_is_gone) {
  EXPECT_EQ(goals.to_do(view_of(goal::stopped, node_phase::running, 2001), true, now), goal::stopped);
}

} // namespace
} // namespace weir::core
