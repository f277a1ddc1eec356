#include "actors/supervisor.hpp"

#include "actor_fixture.hpp"
#include "fake_io.hpp"
#include "plan_of.hpp"

namespace weir::actors {
namespace {

using namespace std::chrono_literals;

/// A supervisor with one rule over the lag of one lane, whose alerts go to two sinks.
class supervisor_test : public test::actor_fixture {
protected:
  void SetUp() override {
    the_plan = test::plan_of("alerts: [ { name: behind, when: engine.lag > 10 } ]\n");
    actor = start({});
  }

  supervisor_actor start(supervisor_options options) {
    options.supervision.node = "n1";
    options.interval = 1s;
    options.wall_clock = [this] { return wall; };
    auto audience = fake<frame_actor>([this](frame_atom, const std::string& bytes) {
      const auto view = core::decode_view(core::open_frame(bytes)->content);
      views.push_back(*view);
    });
    auto made = keep(system.spawn(supervisor, the_plan, audience, options));
    settle();
    return made;
  }

  void give_outputs() {
    auto outputs = std::make_shared<io::output_set>();
    outputs->engine_alert_sinks = {first, second};
    tell(actor, output_set_ptr{outputs});
    settle();
  }

  void set_lag(std::int64_t records) {
    core::node_report report;
    report.node = "n1";
    report.lanes.emplace_back().active = true;
    report.lanes.back().figures["lag"] = records;
    tell(actor, frame_atom_v, core::encode(report));
    settle();
  }

  void tick() {
    wall += 1000;
    advance(1s);
  }

  static int count(const std::vector<std::string>& alerts, const std::string& status) {
    return static_cast<int>(std::count_if(alerts.begin(), alerts.end(), [&](const std::string& alert) {
      return alert.find("\"alert\":\"behind\",\"status\":\"" + status + "\"") != std::string::npos;
    }));
  }

  std::int64_t wall = 1'000'000;
  std::shared_ptr<const config::lane_plan> the_plan;
  std::vector<core::cluster_view> views; ///< what the nodes heard
  std::shared_ptr<test::fake_sink> first = std::make_shared<test::fake_sink>();
  std::shared_ptr<test::fake_sink> second = std::make_shared<test::fake_sink>();
  supervisor_actor actor;
};

TEST_F(supervisor_test, says_that_a_rule_fires_and_that_it_is_resolved_each_once) {
  give_outputs();
  tick();
  EXPECT_TRUE(first->values.empty());
  set_lag(11);
  tick();
  tick();
  EXPECT_EQ(count(first->values, "firing"), 1);
  EXPECT_EQ(count(second->values, "firing"), 1);
  first->report(true);
  second->report(true);
  set_lag(10);
  tick();
  tick();
  EXPECT_EQ(count(first->values, "resolved"), 1);
  EXPECT_EQ(first->values.size(), 2u);
}

TEST_F(supervisor_test, waits_with_its_rules_until_there_are_sinks) {
  set_lag(11);
  tick();
  give_outputs();
  EXPECT_TRUE(first->values.empty());
  tick();
  EXPECT_EQ(count(first->values, "firing"), 1);
}

TEST_F(supervisor_test, sends_again_what_was_not_delivered_and_nothing_else) {
  give_outputs();
  set_lag(11);
  tick();
  first->report(false);
  second->report(true);
  settle();
  EXPECT_EQ(first->values.size(), 1u); // not before the next tick
  tick();
  EXPECT_EQ(count(first->values, "firing"), 2);
  EXPECT_EQ(second->values.size(), 1u);
  first->report(true);
  settle();
  tick();
  EXPECT_EQ(first->values.size(), 2u);
}

TEST_F(supervisor_test, sends_again_to_new_sinks_exactly_what_the_old_ones_did_not_acknowledge) {
  give_outputs();
  set_lag(11);
  tick();
  first->report(true); // `second` stays silent
  settle();
  first = std::make_shared<test::fake_sink>();
  second = std::make_shared<test::fake_sink>();
  give_outputs();
  EXPECT_TRUE(first->values.empty());
  EXPECT_EQ(count(second->values, "firing"), 1);
}

TEST_F(supervisor_test, ends_when_its_last_alerts_are_delivered) {
  give_outputs();
  set_lag(11);
  tell(actor, finish_atom_v); // it looks once more
  settle();
  EXPECT_EQ(count(first->values, "firing"), 1);
  EXPECT_FALSE(has_ended(caf::actor_cast<caf::actor>(actor)));
  first->report(true);
  second->report(true);
  settle();
  EXPECT_TRUE(has_ended(caf::actor_cast<caf::actor>(actor)));
}

TEST_F(supervisor_test, does_not_wait_for_ever_for_a_sink_that_is_silent) {
  give_outputs();
  set_lag(11);
  tell(actor, finish_atom_v);
  for (int seconds = 0; seconds < 6; ++seconds)
    tick();
  EXPECT_TRUE(has_ended(caf::actor_cast<caf::actor>(actor)));
}

TEST_F(supervisor_test, tells_at_once_what_an_operator_asked_for) {
  give_outputs();
  tell(actor, frame_atom_v, core::encode(core::goal::paused));
  settle();
  ASSERT_FALSE(views.empty());
  EXPECT_EQ(views.back().wanted, core::goal::paused);
}

TEST_F(supervisor_test, says_nothing_before_a_predecessor_could_be_told_of) {
  supervisor_options options;
  options.supervision.term = 2;
  options.grace = 10s;
  views.clear();
  auto successor = start(options);
  std::swap(actor, successor);
  give_outputs();
  set_lag(11);
  advance(500ms);
  EXPECT_TRUE(views.empty());
  EXPECT_TRUE(first->values.empty());

  core::cluster_view before;
  before.term = 1;
  before.wanted = core::goal::paused;
  tell(actor, frame_atom_v, core::encode(before));
  settle();
  tick();
  const auto heard = std::find_if(views.begin(), views.end(), [](const auto& view) { return view.term == 2; });
  ASSERT_NE(heard, views.end());
  EXPECT_EQ(heard->wanted, core::goal::paused);
  EXPECT_EQ(count(first->values, "firing"), 1);
}

TEST_F(supervisor_test, hears_no_predecessor_once_it_has_spoken) {
  supervisor_options options;
  options.supervision.term = 2;
  auto successor = start(options);
  std::swap(actor, successor);
  tick();
  core::cluster_view before;
  before.term = 1;
  before.wanted = core::goal::paused;
  tell(actor, frame_atom_v, core::encode(before));
  settle();
  tick();
  EXPECT_FALSE(views.back().term == 2 && views.back().wanted == core::goal::paused);
}

} // namespace
} // namespace weir::actors
