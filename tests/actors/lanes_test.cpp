#include "actor_fixture.hpp"
#include "actors/node.hpp"
#include "config/lane_runner.hpp"
#include "config/model_wish.hpp"
#include "config/parse.hpp"
#include "io/kinds.hpp"
#include "memory_feed.hpp"
#include "simulated_backend.hpp"
#include "tests/core/keyed/toy_operators.hpp"

#include <spdlog/spdlog.h>

#include <map>
#include <set>

namespace weir::actors {
namespace {

using namespace std::chrono_literals;
using test::backend_kind;
using test::output_topic;

constexpr std::int32_t partitions = 3;
constexpr std::size_t records_a_partition = 40;

const std::string behind_inference = R"(
infer:
  - { model: MODEL, inputs: [a, b, c, d], as: risk }
)";
const std::string in_front_of_inference = R"(
infer:
  - { model: MODEL, inputs: [mean_3, b, c, d], as: risk }
)";

/// Models of one shape: a lane may change from any to any.
const std::vector<std::string> swapped_models{"regressor", "deep_regressor", "boosted_regressor"};

std::string path_of_model(const std::string& name) {
  return WEIR_SOURCE_DIR "/tests/data/models/" + name + ".onnx";
}

/// @param is_deduped some records are repeats, which go in front of the inference
config::pipeline pipeline_with(std::string infer, bool is_deduped = false) {
  infer.replace(infer.find("MODEL"), 5, path_of_model(swapped_models.front()));
  const config::environment nothing{[](const std::string&) { return std::nullopt; },
                                    [](const std::string&) { return std::nullopt; }};
  auto parsed = config::parse_pipeline(R"(
name: lanes
source: { file: { path: in, partitions: 3, key: k } }
schema: { k: { type: string, key: true }, a: double, b: double, c: double }
preprocess:
  - drop_null: [a]
  - filter: a > 1
  - derive: { d: a + b }
)" + std::string{is_deduped ? "  - { dedupe: [k, a] }\n" : ""}
                                           + R"(
aggregate:
  - { rolling: mean, of: a, by: k, last: 3, as: mean_3 }
detect:
  - { zscore: a, by: k, threshold: 1, min_count: 2, as: odd, score: z }
alerts:
  - { name: spike, when: odd and a > 5, by: k }
sink: { file: out }
dead_letter: { file: dead }
batch: { records: 3 }
commit: { interval: 20ms }
)" + infer,
                                       "p.yaml", io::catalogue(), nothing);
  for (const auto& d : parsed ? std::vector<config::diagnostic>{} : parsed.error())
    ADD_FAILURE() << d.text();
  return parsed ? *parsed : config::pipeline{};
}

/// Records of all kinds: most go through, some are filtered, and each stage refuses some.
test::input_records make_records(std::uint64_t seed, std::size_t key_size = 1) {
  std::mt19937_64 dice{seed};
  test::input_records all(partitions);
  for (auto& records : all) {
    std::int64_t at = 0;
    for (std::size_t i = 0; i < records_a_partition; ++i) {
      at += 1 + static_cast<std::int64_t>(dice() % 3);
      const auto key = std::string(key_size, 'k') + std::to_string(dice() % 4);
      const auto kind = dice() % 20;
      const auto a = kind == 0 ? "null" : std::to_string(dice() % 10);
      const auto b = kind == 1 ? "null" : std::to_string(dice() % 100);
      const auto note = kind == 2 ? ",\"note\":\"huge\"" : "";
      auto value = "{\"k\":\"" + key + "\",\"a\":" + a + ",\"b\":" + b + ",\"c\":" + std::to_string(i) + note + "}";
      records.push_back({at, key, kind == 3 ? "{\"k\":" : value});
    }
  }
  return all;
}

/// What comes of one record.
struct expected_record {
  std::int64_t at = 0;
  std::vector<std::string> outputs, alerts, dead_letters;
  bool is_filtered = false;
};
using expectation = std::vector<std::vector<expected_record>>;

/// The plan by hand, record by record.
expectation run_plainly(const config::lane_plan& plan, const config::model_set_ptr& models,
                        const test::input_records& all, std::uint64_t state_bytes) {
  expectation out(all.size());
  for (std::size_t p = 0; p < all.size(); ++p) {
    config::lane_runner lane{plan, state_bytes};
    lane.score_with(models);
    const auto writer = plan.make_writer();
    for (const auto& record : all[p]) {
      auto raw = test::block_of(core::partition_id{static_cast<std::int32_t>(p)}, &record, &record + 1);
      const auto b = *lane.run(raw);
      core::record_block written;
      writer->write(b, written);
      auto& entry = out[p].emplace_back();
      entry.at = record.at;
      entry.is_filtered = b.filtered > 0;
      const auto letter = [&](const std::string& stage, const std::string& reason) {
        entry.dead_letters.push_back(std::to_string(record.at) + " " + stage + " " + reason + " " + record.value);
      };
      for (const auto& rejection : b.rejected)
        letter(std::string{core::to_string(rejection.stage)}, rejection.reason);
      for (std::size_t i = 0; i < written.size(); ++i)
        if (written.value(i).find("huge") != std::string_view::npos)
          letter("produce", "too large");
        else
          entry.outputs.emplace_back(written.value(i));
      for (std::size_t i = 0; b.alerts && i < b.alerts->size(); ++i)
        entry.alerts.emplace_back(b.alerts->value(i));
    }
  }
  return out;
}

/// A whole node over a source and a backend in memory. Everything that happens, and when, is decided by the seed.
class lanes_test : public test::actor_fixture {
protected:
  struct settings {
    backend_kind kind = backend_kind::transactions;
    test::backend_faults faults;
    // In parts of a hundred thousand of all steps:
    int stop = 0;                                      ///< the node is told to stop, and started again
    int death = 0;                                     ///< an actor of a lane ends by an exception
    int drain = 0;                                     ///< the node is told to drain, or to go on
    bool is_paged = false;                             ///< the pipeline has a step with paged state, too
    std::uint64_t state_bytes = core::unbounded_state; ///< that each lane may remember
    std::size_t key_size = 1;
    int swap = 0; ///< an operator wants another model
    bool is_deduped = false;
  };

  void SetUp() override { spdlog::set_level(spdlog::level::off); } // thousands of failures that are meant to be

  /// Runs the pipeline until its source is read to the end, whatever happens on the way, and compares what came out.
  void run(const std::string& infer, std::uint64_t seed, const settings& how) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    dice.seed(seed);
    records = make_records(seed, how.key_size);
    pipeline = std::make_shared<const config::pipeline>(pipeline_with(infer, how.is_deduped));
    auto compiled = config::compile(*pipeline);
    ASSERT_TRUE(compiled);
    if (how.is_paged)
      add_paged_step(*compiled, SIZE_MAX);
    plan = std::make_shared<const config::lane_plan>(*std::move(compiled));
    expected.clear();
    wishes.clear();
    committed_models.assign(partitions, {{INT64_MIN, 0}});
    for (const auto& name : how.swap > 0 ? swapped_models : std::vector{swapped_models.front()}) {
      wishes.push_back(*config::wish_for(*plan, {}, {"infer.risk.model", path_of_model(name)}, {}));
      core::model_choice choice{1, wishes.back().models};
      expected.push_back(
          run_plainly(*plan, *config::load_choice(plan->slots, *plan->models, choice), records, how.state_bytes));
    }
    store = *io::local_store::open(":memory:");
    backend = std::make_shared<test::simulated_backend>(how.kind, store, dice);
    backend->faults = how.faults;
    if (how.kind != backend_kind::state_transactions)
      backend->after_commit = [this] { compare_with_markers(); };
    lives = 0;
    do {
      live(how);
      ++lives;
    } while (!HasFailure() && !(outcome->exhausted && outcome->complete) && lives < 200);
    ASSERT_TRUE(outcome->exhausted && outcome->complete) << lives << " lives";
    EXPECT_EQ(backend->strayed, 0u) << backend->aborts << " aborts, " << lives
                                    << " lives"; // no lane writes into older outputs
    if (how.kind == backend_kind::state_transactions)
      compare_at_least_once();
    else
      compare_up_to(INT64_MAX);
    commits += backend->commits;
    aborts += backend->aborts;
    failures += backend->failures;
    all_lives += lives;
  }

  /// A column that depends on all that the step has ever seen of a key and of its lane, pages and evictions included.
  static void add_paged_step(config::lane_plan& to, std::size_t max_lane_bytes) {
    auto columns = std::make_shared<core::layout>(*to.columns);
    core::test::distinct_values::options step;
    step.of = *columns->find("c");
    step.by = *columns->find("k");
    step.as = columns->add({"distinct", core::column_type::int64});
    step.most = 9;
    step.max_keys = 3; // of four
    step.max_lane_bytes = max_lane_bytes;
    to.columns = std::move(columns);
    to.stages.back().in_order.push_back({{{"distinct", 0, 0}}, [step](std::span<const std::uint64_t>) {
                                           return std::make_shared<core::test::distinct_values>(step);
                                         }});
  }

  /// One life of a node, whose lanes have a step that cannot keep what it needs.
  void run_without_room(std::uint64_t seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    dice.seed(seed);
    records = make_records(seed);
    pipeline = std::make_shared<const config::pipeline>(pipeline_with(behind_inference));
    auto compiled = config::compile(*pipeline);
    ASSERT_TRUE(compiled);
    add_paged_step(*compiled, 4'400);
    plan = std::make_shared<const config::lane_plan>(*std::move(compiled));
    store = *io::local_store::open(":memory:");
    backend = std::make_shared<test::simulated_backend>(static_cast<backend_kind>(seed % 3), store, dice);
    live({});
  }

  std::uint64_t commits = 0, aborts = 0, failures = 0, deaths = 0, drains = 0, swaps = 0, changes = 0,
                all_lives = 0; ///< of all runs
  std::shared_ptr<core::lane_registry> registry;
  std::vector<expectation> expected; ///< by model
  std::shared_ptr<node_outcome> outcome;
  std::shared_ptr<core::node_watch> watch;
  int lives = 0;
  std::int64_t most_keys = 0;        ///< that a lane has said to remember
  std::int64_t most_state_bytes = 0; ///< the same, in bytes
  std::uint64_t evictions = 0;       ///< as the lanes have said at each step, added up

  std::uint64_t count(auto what) const {
    std::uint64_t sum = 0;
    for (const auto& partition : expected.front())
      for (const auto& record : partition)
        sum += what(record);
    return sum;
  }

private:
  static constexpr int most_steps = 200'000;

  /// One process, from its start to its end.
  void live(const settings& how) {
    registry = std::make_shared<core::lane_registry>();
    node_parts parts;
    parts.pipeline = pipeline;
    parts.plan = plan;
    parts.display = {registry, watch = std::make_shared<core::node_watch>(registry, 30s),
                     std::make_shared<core::cluster_board>(), std::make_shared<config::model_board>(plan->models)};
    parts.input = {io::feed_input{[this]() -> core::result<std::shared_ptr<io::feed>> {
                                    return feed = std::make_shared<test::memory_feed>(records);
                                  },
                                  store, partitions},
                   backend};
    parts.self.name = "n1";
    parts.parallelism = 1 + dice() % 4;
    parts.credit_bytes = std::vector<std::uint64_t>{1, 2000, 1u << 20}[dice() % 3];
    parts.own_thread = false;
    parts.state_bytes = how.state_bytes;
    outcome = std::make_shared<node_outcome>();
    auto root = keep(system.spawn(node, std::move(parts), outcome));
    tell(root, start_atom_v);
    bool is_paused = false;
    is_drained = false;
    for (int step = 0; !outcome->ended && !HasFailure(); ++step) {
      act(root, how, is_paused);
      for (const auto& lane : registry->lanes()) {
        EXPECT_TRUE(lane.ledger->balanced());
        most_keys = std::max<std::int64_t>(most_keys, lane.stats->keys);
        most_state_bytes = std::max<std::int64_t>(most_state_bytes, lane.stats->state_bytes);
        evictions += lane.stats->evictions;
      }
      EXPECT_LT(step, most_steps) << "no end in sight";
    }
    if (HasFailure())
      end_quietly(root);
    settle();
    feed.reset();
  }

  /// After a failure: the actor system waits for its actors.
  void end_quietly(const node_actor& root) {
    backend->faults = {};
    backend->after_commit = nullptr;
    tell(root, down_atom_v);
    for (int step = 0; !outcome->ended && step < most_steps; ++step) {
      settle();
      backend->deliver_one();
      scheduler.advance_time(1ms);
    }
    if (!outcome->ended)
      std::abort();
  }

  void act(const node_actor& root, const settings& how, bool& is_paused) {
    const auto choice = dice() % 100;
    if (choice < 75) {
      if (scheduler.has_job())
        run_one(dice);
    } else if (choice < 85) {
      backend->deliver_one();
    } else if (choice < 92) {
      if (feed)
        feed->arrive(dice() % partitions, 1 + dice() % 8);
    } else if (choice < 99) {
      scheduler.advance_time(std::chrono::microseconds{dice() % 5000});
    } else if (how.drain == 0 && (is_paused || dice() % 10 == 0)) {
      is_paused = !is_paused;
      tell(root, request_atom_v, is_paused ? core::goal::paused : core::goal::running);
    }
    if (static_cast<int>(dice() % 100'000) < how.stop)
      tell(root, down_atom_v);
    if (how.drain > 0 && static_cast<int>(dice() % 100'000) < how.drain) {
      is_drained = !is_drained;
      ++drains;
      tell(root, request_atom_v, is_drained ? core::goal::drained : core::goal::running);
    }
    if (static_cast<int>(dice() % 100'000) < how.swap) {
      auto wish = wishes[dice() % wishes.size()];
      wish.id = dice();
      ++swaps;
      tell(root, request_atom_v, wish);
    }
    if (feed && static_cast<int>(dice() % 100'000) < how.death) {
      feed->break_read(dice() % partitions);
      ++deaths;
    }
  }

  /// Right after a commit: exactly what the records below each marker make is visible (I1, I2, I3 of the protocol).
  void compare_with_markers() {
    for (std::int32_t p = 0; p < partitions; ++p) {
      const auto state = store->restore(core::partition_id{p});
      ASSERT_TRUE(state);
      auto& models = committed_models[static_cast<std::size_t>(p)];
      const auto model = model_in(state->changes);
      changes += model != models.rbegin()->second ? 1 : 0;
      models.emplace(value_of(state->next), model);
      compare(p, value_of(state->next));
    }
  }

  void compare_up_to(std::int64_t next) {
    for (std::int32_t p = 0; p < partitions; ++p)
      compare(p, next);
  }

  void compare(std::int32_t p, std::int64_t next) {
    test::simulated_backend::texts outputs, alerts, letters;
    for (std::size_t i = 0; i < records[static_cast<std::size_t>(p)].size(); ++i) {
      const auto model = model_of(p, records[static_cast<std::size_t>(p)][i].at);
      const auto& record = expected[model][static_cast<std::size_t>(p)][i];
      if (record.at >= next)
        break;
      outputs.insert(outputs.end(), record.outputs.begin(), record.outputs.end());
      alerts.insert(alerts.end(), record.alerts.begin(), record.alerts.end());
      letters.insert(letters.end(), record.dead_letters.begin(), record.dead_letters.end());
    }
    const core::partition_id id{p};
    ASSERT_EQ(backend->visible(output_topic::outputs, id), outputs) << "partition " << p << " below " << next;
    ASSERT_EQ(backend->visible(output_topic::alerts, id), alerts) << "partition " << p << " below " << next;
    // Of a batch, the dead letters come stage by stage.
    auto seen = backend->visible(output_topic::dead_letters, id);
    std::sort(seen.begin(), seen.end());
    std::sort(letters.begin(), letters.end());
    ASSERT_EQ(seen, letters) << "partition " << p << " below " << next;
  }

  /// Which of the models scores a lane from the barrier on that its state was committed with.
  std::size_t model_in(const core::record_block& state) const {
    for (std::size_t i = 0; i < state.size(); ++i)
      if (state.key(i) == core::model_choice_key) {
        const auto choice = core::decode_model_choice(state.value(i));
        for (std::size_t model = 0; choice && model < wishes.size(); ++model)
          if (choice->models == wishes[model].models)
            return model;
        ADD_FAILURE() << "a lane has models that nobody wanted";
      }
    return 0;
  }

  /// The model that scores a record: that of the last commit in front of it.
  std::size_t model_of(std::int32_t p, std::int64_t at) const {
    const auto& of = committed_models[static_cast<std::size_t>(p)];
    return std::prev(of.upper_bound(at))->second;
  }

  /// Nothing is lost, nothing is made up. What comes again may have been counted twice by a window: nothing else is
  /// promised.
  void compare_at_least_once() {
    const auto record_of = [](const std::string& output) { return output.substr(0, output.find(",\"d\":")); };
    for (std::int32_t p = 0; p < partitions; ++p) {
      test::simulated_backend::texts sent;
      for (const auto& record : expected.front()[static_cast<std::size_t>(p)])
        for (const auto& output : record.outputs)
          sent.push_back(record_of(output));
      test::simulated_backend::texts first_seen;
      std::set<std::string> known;
      for (const auto& output : backend->visible(output_topic::outputs, core::partition_id{p}))
        if (known.insert(record_of(output)).second)
          first_seen.push_back(record_of(output));
      ASSERT_EQ(first_seen, sent) << "partition " << p;
    }
  }

  std::mt19937_64 dice;
  std::vector<core::model_wish> wishes;                              ///< by model
  std::vector<std::map<std::int64_t, std::size_t>> committed_models; ///< of each partition, from which record on
  bool is_drained = false;                                           ///< the node was told to be
  test::input_records records;
  std::shared_ptr<const config::pipeline> pipeline;
  std::shared_ptr<const config::lane_plan> plan;
  std::shared_ptr<io::local_store> store;
  std::shared_ptr<test::simulated_backend> backend;
  std::shared_ptr<test::memory_feed> feed;
};

TEST_F(lanes_test, make_what_the_plan_makes_by_hand_under_any_schedule) {
  for (std::uint64_t seed = 0; seed < 200 && !HasFailure(); ++seed)
    run(seed % 2 == 0 ? behind_inference : in_front_of_inference, seed, {static_cast<backend_kind>(seed % 3), {}});
  EXPECT_EQ(all_lives, 200u);
  EXPECT_EQ(aborts, 0u);
}

TEST_F(lanes_test, account_for_every_record_when_they_are_through) {
  run(behind_inference, 1, {});
  core::ledger_snapshot sum;
  for (const auto& lane : registry->lanes()) {
    const auto ledger = lane.ledger->snapshot();
    sum.received += ledger.received;
    sum.emitted += ledger.emitted;
    sum.filtered += ledger.filtered;
    sum.dead_lettered += ledger.dead_lettered;
    sum.in_flight += ledger.in_flight;
  }
  EXPECT_EQ(sum, (core::ledger_snapshot{partitions * records_a_partition,
                                        count([](const auto& r) { return r.outputs.size(); }),
                                        count([](const auto& r) { return r.is_filtered ? 1u : 0u; }),
                                        count([](const auto& r) { return r.dead_letters.size(); }), 0}));
  EXPECT_GT(sum.dead_lettered, 0u);
  EXPECT_GT(sum.filtered, 0u);
}

TEST_F(lanes_test, say_how_many_keys_they_remember) {
  run(behind_inference, 1, {});
  EXPECT_EQ(most_keys, 4);
  for (const auto& lane : registry->lanes())
    EXPECT_EQ(lane.stats->keys, 0); // it has ended
}

TEST_F(lanes_test, commit_exactly_what_they_should_when_deliveries_fail) {
  for (std::uint64_t seed = 0; seed < 200 && !HasFailure(); ++seed)
    run(seed % 2 == 0 ? behind_inference : in_front_of_inference, seed, {backend_kind::transactions, {10, 0, 0}, 0});
  EXPECT_GT(failures, 200u);
  EXPECT_GT(aborts, 200u);
}

TEST_F(lanes_test, commit_exactly_what_they_should_when_the_broker_answers_badly_and_nodes_stop) {
  for (std::uint64_t seed = 0; seed < 200 && !HasFailure(); ++seed)
    run(seed % 2 == 0 ? behind_inference : in_front_of_inference, seed,
        {backend_kind::transactions, {3, 100, 300}, 30});
  EXPECT_GT(all_lives, 250u);
}

TEST_F(lanes_test, commit_exactly_what_they_should_when_actors_die) {
  for (std::uint64_t seed = 0; seed < 100 && !HasFailure(); ++seed)
    run(seed % 2 == 0 ? behind_inference : in_front_of_inference, seed, {backend_kind::transactions, {}, 0, 200});
  EXPECT_GT(deaths, 50u);
  EXPECT_GT(aborts, 50u);
}

TEST_F(lanes_test, go_on_with_paged_state_as_if_nothing_had_happened) {
  for (std::uint64_t seed = 0; seed < 60 && !HasFailure(); ++seed)
    run(behind_inference, seed, {backend_kind::transactions, {3, 100, 300}, 30, 100, 0, true});
  EXPECT_GT(deaths, 20u);
  EXPECT_GT(aborts, 100u);
  for (std::uint64_t seed = 0; seed < 40 && !HasFailure(); ++seed)
    run(behind_inference, seed, {backend_kind::local, {5, 0, 0}, 30, 100, 0, true});
  for (std::uint64_t seed = 0; seed < 40 && !HasFailure(); ++seed)
    run(behind_inference, seed, {backend_kind::state_transactions, {5, 50, 0}, 30, 100, 0, true});
}

TEST_F(lanes_test, keep_within_their_bytes_and_let_the_same_keys_go_when_they_are_rebuilt) {
  constexpr std::uint64_t room = 6'000; // of a table: three of the four keys, or of their alerts
  for (std::uint64_t seed = 0; seed < 60 && !HasFailure(); ++seed)
    run(seed % 2 == 0 ? behind_inference : in_front_of_inference, seed,
        {backend_kind::transactions, {3, 100, 300}, 30, 100, 0, false, seed % 2 == 0 ? 2 * room : 3 * room, 1'700});
  EXPECT_GT(deaths, 20u);
  EXPECT_GT(evictions, 0u);
  EXPECT_GT(most_state_bytes, static_cast<std::int64_t>(2 * room));
  EXPECT_LE(most_state_bytes, static_cast<std::int64_t>(3 * room));
}

TEST_F(lanes_test, end_for_good_and_say_why_when_a_step_has_no_room_for_its_state) {
  for (std::uint64_t seed = 0; seed < 30 && !HasFailure(); ++seed) {
    run_without_room(seed);
    EXPECT_TRUE(outcome->ended);
    EXPECT_FALSE(outcome->complete);
    EXPECT_NE(outcome->failure.find("'distinct' needs 4800 bytes of state"), std::string::npos) << outcome->failure;
    EXPECT_EQ(watch->ready().reason, outcome->failure);
  }
}

TEST_F(lanes_test, commit_exactly_what_they_should_when_they_are_drained_and_resumed) {
  for (std::uint64_t seed = 0; seed < 100 && !HasFailure(); ++seed)
    run(seed % 2 == 0 ? behind_inference : in_front_of_inference, seed,
        {seed % 4 < 2 ? backend_kind::transactions : backend_kind::local, {6, 0, 0}, 0, 0, 1000});
  EXPECT_GT(drains, 500u);
  EXPECT_GT(aborts, 20u);
}

TEST_F(lanes_test, change_their_models_at_barriers_and_score_each_record_with_one_of_them_whatever_happens) {
  for (std::uint64_t seed = 0; seed < 100 && !HasFailure(); ++seed)
    run(seed % 2 == 0 ? behind_inference : in_front_of_inference, seed,
        {.kind = seed % 4 < 2 ? backend_kind::transactions : backend_kind::local,
         .faults = {3, 100, 300},
         .stop = 30,
         .death = 100,
         .swap = 2000});
  EXPECT_GT(swaps, 1000u);
  EXPECT_GT(changes, 50u);
  EXPECT_GT(aborts, 100u);
}

TEST_F(lanes_test, drop_repeats_in_front_of_the_models_whatever_happens) {
  for (std::uint64_t seed = 0; seed < 100 && !HasFailure(); ++seed)
    run(seed % 2 == 0 ? behind_inference : in_front_of_inference, seed,
        {.kind = seed % 4 < 2 ? backend_kind::transactions : backend_kind::local,
         .faults = {3, 100, 300},
         .stop = 30,
         .death = 100,
         .is_deduped = true});
  EXPECT_GT(deaths, 20u);
  EXPECT_GT(aborts, 100u);
  const auto filtered = count([](const auto& record) { return record.is_filtered; });
  run(behind_inference, 99, {});
  EXPECT_GT(filtered, count([](const auto& record) { return record.is_filtered; }) + 20);
}

TEST_F(lanes_test, leave_files_exact_when_writes_fail) {
  for (std::uint64_t seed = 0; seed < 100 && !HasFailure(); ++seed)
    run(seed % 2 == 0 ? behind_inference : in_front_of_inference, seed, {backend_kind::local, {5, 0, 0}, 30});
  EXPECT_GT(failures, 30u);
}

TEST_F(lanes_test, lose_nothing_at_least_once) {
  for (std::uint64_t seed = 0; seed < 100 && !HasFailure(); ++seed)
    run(seed % 2 == 0 ? behind_inference : in_front_of_inference, seed,
        {backend_kind::state_transactions, {8, 50, 0}, 30});
  EXPECT_GT(failures, 30u);
}

} // namespace
} // namespace weir::actors
