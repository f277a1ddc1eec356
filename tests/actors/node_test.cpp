#include "actors/node.hpp"

#include "actor_fixture.hpp"
#include "config/parse.hpp"
#include "fake_group.hpp"
#include "io/kinds.hpp"
#include "memory_feed.hpp"
#include "simulated_backend.hpp"

#include <spdlog/spdlog.h>

namespace weir::actors {
namespace {

using namespace std::chrono_literals;
using kind = io::group_event::kind;

/// What a node of a group restores: the committed state in a store in memory.
class stored_states final : public io::committed_states {
public:
  explicit stored_states(std::shared_ptr<io::local_store> store) : store_{std::move(store)} {}

  core::result<std::vector<io::restored_state>> restore(const std::vector<core::partition_id>& partitions,
                                                        std::chrono::milliseconds) override {
    std::vector<io::restored_state> out;
    for (const auto id : partitions) {
      auto state = store_->restore(id);
      if (!state)
        return tl::unexpected{state.error()};
      out.push_back(*std::move(state));
    }
    return out;
  }

private:
  std::shared_ptr<io::local_store> store_;
};

/// A whole node whose source is a consumer group of one topic with two partitions; every write is delivered at once.
class node_test : public test::actor_fixture {
protected:
  void SetUp() override {
    spdlog::set_level(spdlog::level::off);
    const config::environment nothing{[](const std::string&) { return std::nullopt; },
                                      [](const std::string&) { return std::nullopt; }};
    auto parsed = config::parse_pipeline("name: p\n"
                                         "source: { kafka: { brokers: b, topic: in } }\n"
                                         "schema: { x: int }\n"
                                         "sink: { kafka: { topic: out } }\n"
                                         "commit: { interval: 20ms }\n",
                                         "p.yaml", io::catalogue(), nothing);
    ASSERT_TRUE(parsed) << parsed.error().front().text();
    const auto pipeline = std::make_shared<const config::pipeline>(*std::move(parsed));
    auto plan = config::compile(*pipeline);
    ASSERT_TRUE(plan);
    node_parts parts;
    parts.self.name = "n1";
    parts.display = {registry, watch, std::make_shared<core::cluster_board>(),
                     std::make_shared<config::model_board>(plan->models)};
    parts.input = {io::group_input{group, std::make_shared<stored_states>(store), nullptr, nullptr}, backend};
    parts.pipeline = pipeline;
    parts.plan = std::make_shared<const config::lane_plan>(*std::move(plan));
    parts.own_thread = false;
    group->make_source = [this](core::partition_id id) { return next_feed->partition(id); };
    group->on_assign = [this] { start_fetching(); };
    for (auto& records : input)
      for (int i = 0; i < 10; ++i)
        records.push_back({i, {}, "{\"x\":" + std::to_string(i) + "}"});
    root = keep(system.spawn(node, std::move(parts), outcome));
    tell(root, start_atom_v);
    watch->begin();
    settle();
  }

  /// The end of a test is the end of the node: an actor that waits keeps the system.
  void TearDown() override {
    want(core::goal::stopped);
    pass(60s);
    EXPECT_TRUE(outcome->ended);
    actor_fixture::TearDown();
  }

  void assign(const std::vector<std::int32_t>& partitions) {
    next_feed = std::make_shared<test::memory_feed>(input);
    group->push(kind::assigned, partitions);
    settle();
  }
  void start_fetching() {
    feed = next_feed;
    std::map<core::partition_id, core::offset> from;
    for (const auto& entry : group->assigned)
      from[entry.partition] = core::offset{std::max<std::int64_t>(0, value_of(entry.next))};
    feed->start(from);
  }
  void arrive(std::size_t count) {
    for (std::size_t p = 0; p < input.size(); ++p)
      feed->arrive(p, count);
    settle();
  }
  void want(core::goal wanted) {
    tell(root, request_atom_v, wanted);
    settle();
  }
  void pass(std::chrono::milliseconds time) {
    for (auto passed = 0ms; passed < time && !outcome->ended; passed += 10ms) {
      advance(10ms);
      for (int i = 0; i < 20; ++i)
        backend->deliver_one();
      settle();
    }
  }

  /// One of the node's own actors, as if it had thrown.
  void kill_one(const std::string& part) {
    using node_pointer = node_actor::stateful_pointer<node_state>;
    auto& state = static_cast<node_pointer>(caf::actor_cast<caf::abstract_actor*>(root))->state;
    if (part == "consumer")
      caf::anon_send_exit(state.consumer, caf::exit_reason::unhandled_exception);
    else
      caf::anon_send_exit(state.preprocessors.front(), caf::exit_reason::unhandled_exception);
    settle();
  }

  std::size_t outputs(std::int32_t partition) {
    return backend->visible(test::output_topic::outputs, core::partition_id{partition}).size();
  }
  std::int64_t committed(std::int32_t partition) {
    return value_of(store->restore(core::partition_id{partition})->next);
  }
  /// The group has no offsets of its own here: what the state says is committed.
  void sync_offsets() {
    for (std::int32_t p = 0; p < 2; ++p)
      if (const auto state = store->restore(core::partition_id{p}); state && state->found)
        group->offsets[core::partition_id{p}] = state->next;
  }

  std::mt19937_64 dice{1};
  std::shared_ptr<io::local_store> store = *io::local_store::open(":memory:");
  std::shared_ptr<test::simulated_backend> backend =
      std::make_shared<test::simulated_backend>(test::backend_kind::transactions, store, dice);
  std::shared_ptr<test::fake_group> group = std::make_shared<test::fake_group>();
  std::shared_ptr<core::lane_registry> registry = std::make_shared<core::lane_registry>();
  std::shared_ptr<core::node_watch> watch = std::make_shared<core::node_watch>(registry, 30s);
  std::shared_ptr<node_outcome> outcome = std::make_shared<node_outcome>();
  test::input_records input{2};
  std::shared_ptr<test::memory_feed> next_feed, feed;
  node_actor root;
};

TEST_F(node_test, runs_the_lanes_of_what_it_is_assigned_and_gives_them_back) {
  assign({0, 1});
  arrive(4);
  pass(100ms);
  EXPECT_EQ(outputs(0), 4u);
  EXPECT_EQ(outputs(1), 4u);
  arrive(2);
  group->push(kind::revoked);
  settle();
  pass(100ms);
  EXPECT_EQ(outputs(0), 6u) << "what was read is finished";
  EXPECT_EQ(group->unassigns, 1);
  sync_offsets();
  assign({1});
  arrive(4);
  pass(100ms);
  EXPECT_EQ(outputs(0), 6u);
  EXPECT_EQ(outputs(1), 10u);
}

TEST_F(node_test, undoes_what_is_not_committed_when_the_assignment_is_lost) {
  assign({0});
  arrive(4);
  pass(100ms);
  arrive(2);
  group->push(kind::lost);
  settle();
  pass(100ms);
  EXPECT_EQ(outputs(0), 4u);
  EXPECT_EQ(group->unassigns, 1);
  sync_offsets();
  assign({0});
  arrive(6);
  pass(100ms);
  EXPECT_EQ(outputs(0), 10u);
}

TEST_F(node_test, drains_leaves_the_group_and_goes_on_from_its_commit_when_it_is_resumed) {
  assign({0, 1});
  arrive(4);
  pass(100ms);
  arrive(2);
  want(core::goal::drained);
  pass(500ms);
  EXPECT_EQ(watch->phase(), core::node_phase::drained);
  EXPECT_EQ(watch->ready().reason, "the pipeline is drained");
  EXPECT_FALSE(group->is_member);
  EXPECT_EQ(outputs(0), 6u);
  EXPECT_EQ(committed(1), 6);
  EXPECT_FALSE(outcome->ended);
  group->push(kind::revoked); // the group's farewell
  settle();
  pass(1s);
  EXPECT_EQ(watch->phase(), core::node_phase::drained);

  sync_offsets();
  want(core::goal::running);
  EXPECT_TRUE(group->is_member);
  EXPECT_EQ(watch->phase(), core::node_phase::running);
  assign({0, 1});
  ASSERT_EQ(group->assigned.size(), 2u);
  EXPECT_EQ(group->assigned[0].next, core::offset{6});
  arrive(4);
  pass(200ms);
  EXPECT_EQ(outputs(0), 10u);
  EXPECT_EQ(outputs(1), 10u);
}

TEST_F(node_test, ends_when_it_is_stopped_while_it_is_drained) {
  assign({0});
  want(core::goal::drained);
  pass(500ms);
  ASSERT_EQ(watch->phase(), core::node_phase::drained);
  want(core::goal::stopped);
  pass(5s);
  EXPECT_TRUE(outcome->ended);
  EXPECT_TRUE(outcome->complete);
  EXPECT_TRUE(group->is_closed);
}

TEST_F(node_test, drains_when_its_partitions_are_taken_away_at_the_same_time) {
  assign({0});
  arrive(3);
  want(core::goal::drained);
  group->push(kind::revoked);
  settle();
  pass(500ms);
  EXPECT_EQ(watch->phase(), core::node_phase::drained);
  EXPECT_FALSE(group->is_member);
  EXPECT_EQ(outputs(0), 3u);
}

TEST_F(node_test, ends_with_the_reason_when_a_part_that_serves_all_lanes_has_ended) {
  assign({0});
  arrive(3);
  pass(100ms);
  ASSERT_EQ(outputs(0), 3u);
  kill_one("preprocessor");
  pass(100ms);
  EXPECT_TRUE(outcome->ended);
  EXPECT_EQ(outcome->broken.find("a preprocessor ended"), 0u) << outcome->broken;
  EXPECT_EQ(committed(0), 3) << "the next process goes on from there";
}

TEST_F(node_test, ends_with_the_reason_when_its_consumer_has_ended) {
  assign({0});
  kill_one("consumer");
  pass(100ms);
  EXPECT_TRUE(outcome->ended);
  EXPECT_EQ(outcome->broken.find("the consumer ended"), 0u) << outcome->broken;
}

TEST_F(node_test, ends_and_names_the_process_that_has_its_name) {
  assign({0});
  tell(root, usurped_atom_v, std::string{"process 7 on a"});
  settle();
  pass(100ms);
  EXPECT_TRUE(outcome->ended);
  EXPECT_EQ(outcome->usurped_by, "process 7 on a");
}

TEST_F(node_test, takes_up_nothing_when_it_is_drained_before_it_was_assigned_anything) {
  want(core::goal::drained);
  pass(100ms);
  EXPECT_FALSE(group->is_member);
  assign({0});
  pass(100ms);
  EXPECT_EQ(group->assigns, 0);
  EXPECT_EQ(watch->phase(), core::node_phase::drained);
}

} // namespace
} // namespace weir::actors
