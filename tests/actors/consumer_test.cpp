#include "actors/consumer.hpp"

#include "actor_fixture.hpp"
#include "fake_group.hpp"

namespace weir::actors {
namespace {

using namespace std::chrono_literals;
using kind = io::group_event::kind;

/// A consumer between a group and a node that the test plays.
class consumer_test : public test::actor_fixture {
protected:
  void SetUp() override {
    consumer_options options;
    options.topic = "in";
    options.registry = registry;
    options.watch = std::make_shared<core::node_watch>(registry, 30s);
    options.own_thread = false;
    options.partitions = 2;
    options.prepare = [this] { return prepared; };
    watch = options.watch;
    watch->begin();
    auto node = fake<node_actor>(
        [this](assigned_atom, std::uint64_t round, const lane_starts& starts) {
          rounds.push_back(round);
          lanes = starts;
        },
        [this](revoked_atom, bool lost) { revoked.push_back(lost); }, [this](lead_atom, bool on) { leads = on; },
        [this](failed_atom, const std::string& why) { given_up = why; },
        [this](usurped_atom, const std::string& by) { usurped_by = by; });
    actor = keep(system.spawn(consumer, std::shared_ptr<io::consumer_group>{group},
                              std::shared_ptr<io::committed_states>{states}, node, options));
    tell(actor, start_atom_v);
    settle();
  }

  void push(kind what, const std::vector<std::int32_t>& partitions = {}, bool control = false) {
    group->push(what, partitions, control);
    settle();
  }
  void say_ready() {
    tell(actor, ready_atom_v);
    settle();
  }
  void say_ended(std::uint64_t round) {
    lanes.reset();
    tell(actor, ended_atom_v, round);
    settle();
  }

  std::shared_ptr<test::fake_group> group = std::make_shared<test::fake_group>();
  std::shared_ptr<test::fake_states> states = std::make_shared<test::fake_states>();
  std::shared_ptr<core::lane_registry> registry = std::make_shared<core::lane_registry>();
  std::shared_ptr<core::node_watch> watch;
  consumer_actor actor;
  std::vector<std::uint64_t> rounds; ///< of the lanes that the node was to start
  lane_starts lanes;
  std::vector<bool> revoked; ///< true: lost
  bool leads = false;
  std::string usurped_by;
  std::string given_up;
  io::preparation prepared{io::preparation::outcome::ready, {}, 3};
};

TEST_F(consumer_test, has_lanes_started_with_their_state_and_fetches_when_they_are_there) {
  EXPECT_EQ(group->subscribed, 1);
  states->known[core::partition_id{1}] = core::offset{50};
  group->offsets[core::partition_id{1}] = core::offset{50};
  push(kind::assigned, {0, 1}, true);
  EXPECT_TRUE(leads);
  ASSERT_TRUE(lanes);
  ASSERT_EQ(lanes->size(), 2u);
  EXPECT_TRUE((*lanes)[0].source);
  EXPECT_EQ((*lanes)[1].state.next, core::offset{50});
  EXPECT_EQ(group->assigns, 0) << "nobody could take the records yet";
  say_ready();
  ASSERT_EQ(group->assigned.size(), 2u);
  EXPECT_EQ(group->assigned[0].next, core::offset{0});
  EXPECT_EQ(group->assigned[1].next, core::offset{50});
  EXPECT_TRUE(group->has_control);
}

TEST_F(consumer_test, has_the_node_end_when_records_are_gone_that_were_never_read) {
  states->known[core::partition_id{0}] = core::offset{5};
  group->offsets[core::partition_id{0}] = core::offset{5};
  group->log_start = core::offset{8};
  push(kind::assigned, {0});
  EXPECT_FALSE(lanes);
  EXPECT_TRUE(given_up.starts_with("the log of in/0 begins at offset 8 by now")) << given_up;
}

TEST_F(consumer_test, answers_a_revocation_when_the_lanes_have_ended) {
  push(kind::assigned, {0});
  say_ready();
  push(kind::revoked);
  EXPECT_EQ(revoked, std::vector<bool>{false});
  EXPECT_EQ(group->unassigns, 0);
  say_ended(1);
  EXPECT_EQ(group->unassigns, 1);
  EXPECT_TRUE(group->is_member);
  push(kind::assigned, {0, 1});
  EXPECT_EQ(rounds, (std::vector<std::uint64_t>{0, 1}));
}

TEST_F(consumer_test, gives_the_lead_up_with_an_assignment_that_is_lost) {
  push(kind::assigned, {0}, true);
  say_ready();
  push(kind::lost);
  EXPECT_EQ(revoked, std::vector<bool>{true});
  EXPECT_FALSE(leads);
  say_ended(1);
  EXPECT_EQ(group->unassigns, 1);
}

TEST_F(consumer_test, knows_that_it_has_no_lanes_when_the_group_gave_it_none) {
  push(kind::assigned);
  EXPECT_TRUE(registry->knows_lanes());
  push(kind::revoked);
  EXPECT_FALSE(registry->knows_lanes());
  EXPECT_EQ(group->unassigns, 1) << "there is no lane to wait for";
}

TEST_F(consumer_test, takes_up_again_what_was_undone) {
  push(kind::assigned, {0});
  say_ready();
  say_ended(1);
  EXPECT_EQ(group->unassigns, 1);
  EXPECT_EQ(states->restores, 2);
  EXPECT_EQ(rounds, (std::vector<std::uint64_t>{0, 1}));
}

TEST_F(consumer_test, tries_again_until_the_state_can_be_read) {
  states->failures = 3;
  push(kind::assigned, {0});
  EXPECT_FALSE(lanes);
  for (int i = 0; i < 4; ++i)
    advance(1s);
  EXPECT_EQ(states->restores, 4);
  EXPECT_EQ(rounds.size(), 1u);
}

TEST_F(consumer_test, takes_partitions_up_that_were_added_when_there_is_all_that_they_need) {
  prepared.what = io::preparation::outcome::unreachable;
  prepared.problem = {"no broker answers", {}, {}};
  push(kind::assigned, {0, 1, 2});
  EXPECT_FALSE(lanes);
  prepared.what = io::preparation::outcome::ready;
  advance(1s);
  ASSERT_TRUE(lanes);
  EXPECT_EQ(lanes->size(), 3u);
}

TEST_F(consumer_test, has_the_node_end_when_partitions_were_added_that_lack_something) {
  prepared = {io::preparation::outcome::wrong, {"the sink has 2 partitions", {}, {}}, 0};
  push(kind::assigned, {0, 1, 2});
  EXPECT_FALSE(lanes);
  EXPECT_EQ(given_up, "the sink has 2 partitions");
}

TEST_F(consumer_test, answers_the_group_while_a_state_is_read_back) {
  group->push(kind::assigned, {0});
  while (states->restores == 0)
    scheduler.run_once();
  group->push(kind::revoked); // the answer is on its way
  settle();
  say_ended(1);
  EXPECT_EQ(group->unassigns, 1);
  EXPECT_FALSE(lanes) << "what was read back is of an attempt that is over";
}

TEST_F(consumer_test, names_an_earlier_process_of_its_name_when_it_is_still_there_after_a_session) {
  group->double_of_this = "process 7 on host a";
  tell(actor, usurped_atom_v);
  settle();
  EXPECT_EQ(usurped_by, "") << "it may have been killed a moment ago";
  advance(12s);
  EXPECT_EQ(usurped_by, "process 7 on host a");
}

TEST_F(consumer_test, takes_no_process_for_a_double_that_is_gone_after_its_session) {
  group->double_of_this = "process 7 on host a";
  tell(actor, usurped_atom_v);
  settle();
  group->double_of_this.reset();
  advance(12s);
  tell(actor, usurped_atom_v);
  advance(12s);
  EXPECT_EQ(usurped_by, "");
}

TEST_F(consumer_test, takes_partitions_up_once_when_they_come_back_before_a_repetition_was_due) {
  states->failures = 1;
  push(kind::assigned, {0});
  push(kind::revoked);
  say_ended(1);
  push(kind::assigned, {0});
  EXPECT_EQ(states->restores, 2);
  for (int i = 0; i < 5; ++i)
    advance(1s);
  EXPECT_EQ(states->restores, 2) << "the repetition was of the first assignment";
  EXPECT_EQ(rounds, std::vector<std::uint64_t>{1});
}

TEST_F(consumer_test, repeats_in_one_chain_whatever_came_in_between) {
  states->failures = 100;
  push(kind::assigned, {0});
  push(kind::revoked);
  say_ended(1);
  push(kind::assigned, {0});
  for (int i = 0; i < 5; ++i)
    advance(1s);
  EXPECT_EQ(states->restores, 2 + 5);
}

TEST_F(consumer_test, leaves_the_group_and_joins_it_again) {
  push(kind::assigned, {0}, true);
  say_ready();
  lanes.reset();
  tell(actor, leave_atom_v, std::uint64_t{1});
  settle();
  EXPECT_FALSE(group->is_member);
  EXPECT_TRUE(leads) << "somebody has to hear the operator";
  EXPECT_TRUE(group->assigned.empty());
  push(kind::revoked); // the group's farewell
  EXPECT_EQ(group->unassigns, 2);
  EXPECT_TRUE(revoked.empty());
  tell(actor, start_atom_v);
  settle();
  EXPECT_TRUE(group->is_member);
  push(kind::assigned, {0});
  EXPECT_FALSE(leads);
  EXPECT_TRUE(lanes);
  EXPECT_EQ(rounds, (std::vector<std::uint64_t>{0, 1}));
}

TEST_F(consumer_test, says_when_the_broker_is_away_and_when_it_is_back) {
  push(kind::assigned);
  group->answers = false;
  io::group_event event;
  event.what = kind::error;
  event.text = "all brokers are down";
  group->events.push_back(event);
  group->wake();
  settle();
  EXPECT_FALSE(watch->ready().ready);
  advance(1s);
  EXPECT_FALSE(watch->ready().ready);
  group->answers = true;
  advance(1s);
  EXPECT_TRUE(watch->ready().ready);
}

TEST_F(consumer_test, closes_the_group_when_it_ends) {
  tell(actor, down_atom_v);
  settle();
  EXPECT_TRUE(group->is_closed);
  EXPECT_TRUE(has_ended(caf::actor_cast<caf::actor>(actor)));
}

} // namespace
} // namespace weir::actors
