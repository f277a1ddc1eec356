#include "actors/supervisor.hpp"

#include "actor_fixture.hpp"
#include "config/parse.hpp"
#include "fake_io.hpp"

namespace weir::actors {
namespace {

using namespace std::chrono_literals;

/// A supervisor with one rule over the lag of one lane, whose alerts go to two sinks.
class supervisor_test : public test::actor_fixture {
protected:
  void SetUp() override {
    const config::environment nothing{[](const std::string&) { return std::nullopt; },
                                      [](const std::string&) { return std::nullopt; }};
    const auto parsed = config::parse_pipeline("name: p\n"
                                               "source: { file: in }\n"
                                               "sink: console\n"
                                               "schema: { x: double }\n"
                                               "alerts:\n"
                                               "  - { name: behind, when: engine.lag > 10 }\n",
                                               "p.yaml", nothing);
    ASSERT_TRUE(parsed);
    auto plan = config::compile(*parsed);
    ASSERT_TRUE(plan);
    supervisor_options options;
    options.watch = std::make_shared<core::node_watch>(registry, 30s);
    options.interval = 1s;
    options.wall_clock = [this] { return wall; };
    actor = keep(system.spawn(supervisor, std::make_shared<const config::lane_plan>(*std::move(plan)), options));
    settle();
    lane_books = registry->start(core::partition_id{0});
  }

  void give_outputs() {
    auto outputs = std::make_shared<io::output_set>();
    outputs->engine_alert_sinks = {first, second};
    tell(actor, output_set_ptr{outputs});
    settle();
  }

  void set_lag(std::int64_t records) { core::lane_stats::set(lane_books.stats->high_watermark, records); }

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
  std::shared_ptr<core::lane_registry> registry = std::make_shared<core::lane_registry>();
  core::lane_books lane_books;
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

} // namespace
} // namespace weir::actors
