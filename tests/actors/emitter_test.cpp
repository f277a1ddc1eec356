#include "actors/emitter.hpp"
#include "actors/lane_failure.hpp"

#include "actor_fixture.hpp"
#include "core/commit/marker.hpp"
#include "fake_io.hpp"

namespace weir::actors {
namespace {

/// Writes each record as it came.
class copying_writer final : public core::record_writer {
public:
  void write(const core::batch& b, core::record_block& out) override {
    for (const auto row : b.rows)
      out.append(b.raw->key(row), b.raw->value(row));
  }
};

/// How a backend wants it: docs/architecture.md, "The commit".
using core::output_rule;

class emitter_test : public test::actor_fixture {
protected:
  struct done_report {
    std::int64_t next;
    std::uint64_t at;
    bool changed;
  };

  void start(output_rule how, std::size_t sinks = 1) {
    auto outputs = std::make_shared<io::output_set>();
    std::vector<std::shared_ptr<core::record_writer>> writers;
    for (std::size_t i = 0; i < sinks; ++i) {
      out.push_back(std::make_shared<test::fake_sink>());
      outputs->sinks.push_back(out.back());
      writers.push_back(std::make_shared<copying_writer>());
    }
    outputs->alert_sinks.push_back(alerts);
    outputs->dead_letters = letters;
    outputs->changelog = changelog;
    emitter_options options;
    options.topic = "in";
    options.node_name = "n1";
    options.output = {core::offset{100}, how};
    options.ledger = ledger;
    options.stats = stats;
    options.describe_state = [](std::string_view) { return "the state of 'mean'"; };
    auto committer = fake<committer_actor>(
        [this](done_atom, std::int32_t, std::uint64_t at, std::int64_t next, bool changed) {
          done.push_back({next, at, changed});
        },
        [this](arrive_atom, std::int32_t, std::uint64_t at) { arrived.push_back(at); },
        [this](failed_atom) { ++failures; });
    auto reader = fake<partition_reader_actor>([this](credit_atom, std::uint64_t bytes) { credit += bytes; });
    stage = keep(system.spawn(emitter, std::move(writers), output_set_ptr{outputs}, committer, std::move(options)));
    tell(stage, reader);
    settle();
  }

  void release(bool last = false) {
    tell(stage, release_atom_v, std::uint64_t{1}, last);
    settle();
  }

  /// The next item of the lane: a batch whose records are all alive.
  void send_batch(std::vector<std::string> records) {
    auto b = std::make_shared<core::batch>();
    b->raw = test::block_of(next_offset, records);
    for (core::row_index row = 0; row < records.size(); ++row)
      b->rows.push_back(row);
    send(b);
  }
  void send(const std::shared_ptr<core::batch>& b) {
    b->sequence = sequence;
    b->charge = 10;
    ledger->receive(b->raw->size());
    next_offset += static_cast<std::int64_t>(b->raw->size());
    tell(stage, lane_item{sequence++, b, nullptr});
    settle();
  }
  void send_barrier(std::uint64_t at) {
    auto mark = std::make_shared<barrier>();
    mark->at = core::epoch{at};
    mark->next = core::offset{next_offset};
    tell(stage, lane_item{sequence++, nullptr, std::move(mark)});
    settle();
  }

  void report(bool ok) {
    for (auto& sink : out)
      sink->report(ok);
    alerts->report(ok);
    letters->report(ok);
    changelog->report(ok);
    settle();
  }

  using texts = std::vector<std::string>;

  emitter_actor stage;
  std::vector<std::shared_ptr<test::fake_sink>> out;
  std::shared_ptr<test::fake_sink> alerts = std::make_shared<test::fake_sink>();
  std::shared_ptr<test::fake_dead_letters> letters = std::make_shared<test::fake_dead_letters>();
  std::shared_ptr<test::fake_changelog> changelog = std::make_shared<test::fake_changelog>();
  std::shared_ptr<core::ledger> ledger = std::make_shared<core::ledger>();
  std::shared_ptr<core::lane_stats> stats = std::make_shared<core::lane_stats>();
  std::vector<done_report> done;
  std::vector<std::uint64_t> arrived; ///< epochs whose barrier waits for the sinks
  int failures = 0;
  std::uint64_t credit = 0;
  std::uint64_t sequence = 0;
  std::int64_t next_offset = 100;
};

TEST_F(emitter_test, a_tick_without_news_gives_its_credit_back_and_leaves_nothing_behind) {
  start(output_rule::in_transaction);
  const auto tick = [] {
    auto b = std::make_shared<core::batch>();
    b->raw = test::block_of(0, {});
    b->tick_ms = 1000;
    return b;
  };
  send(tick());
  EXPECT_EQ(credit, 10u) << "also before anything may go out";
  release();
  send(tick());
  EXPECT_EQ(credit, 20u);
  EXPECT_TRUE(changelog->blocks.empty()) << "no transaction has begun";
  auto told = tick();
  auto said = std::make_shared<core::record_block>();
  said->append("k", "an alert");
  told->alerts = said;
  send(told);
  EXPECT_EQ(alerts->values, texts{"an alert"});
  report(true);
  EXPECT_EQ(credit, 30u);
  auto mark = std::make_shared<barrier>();
  mark->at = core::epoch{1};
  mark->next = core::offset{next_offset};
  mark->moved = true;
  tell(stage, lane_item{sequence++, nullptr, std::move(mark)});
  settle();
  ASSERT_EQ(done.size(), 1u);
  EXPECT_TRUE(done[0].changed);
}

TEST_F(emitter_test, emits_nothing_before_the_first_release) {
  start(output_rule::in_transaction);
  send_batch({"a"});
  EXPECT_TRUE(out[0]->values.empty());
  release();
  EXPECT_EQ(out[0]->values, texts{"a"});
}

TEST_F(emitter_test, emits_in_order_whatever_order_batches_arrive_in) {
  start(output_rule::in_transaction);
  release();
  sequence = 2;
  send_batch({"c"});
  sequence = 1;
  send_batch({"b"});
  EXPECT_TRUE(out[0]->values.empty());
  sequence = 0;
  send_batch({"a"});
  EXPECT_EQ(out[0]->values, (texts{"a", "b", "c"}));
}

TEST_F(emitter_test, holds_what_comes_behind_a_barrier_until_the_commit) {
  start(output_rule::in_transaction);
  release();
  send_batch({"a", "b"});
  send_barrier(3);
  send_batch({"c"});
  EXPECT_EQ(out[0]->values, (texts{"a", "b"}));
  ASSERT_EQ(done.size(), 1u);
  EXPECT_EQ(done[0].at, 3u);
  EXPECT_EQ(done[0].next, 102);
  EXPECT_TRUE(done[0].changed);
  EXPECT_EQ(ledger->snapshot(), (core::ledger_snapshot{3, 0, 0, 0, 3})); // not committed yet
  release();
  EXPECT_EQ(out[0]->values, (texts{"a", "b", "c"}));
  EXPECT_EQ(ledger->snapshot(), (core::ledger_snapshot{3, 2, 0, 0, 1}));
  EXPECT_EQ(stats->committed, 102);
}

TEST_F(emitter_test, opens_the_transaction_of_its_changes_at_the_barrier_where_outputs_are_not_in_it) {
  start(output_rule::before_the_state);
  release();
  send_batch({"a"});
  send_barrier(3);
  EXPECT_TRUE(changelog->blocks.empty()) << "the sink has not acknowledged";
  report(true);
  ASSERT_EQ(changelog->blocks.size(), 2u);
  EXPECT_EQ(changelog->blocks[0]->key(0), core::marker::opening_key);
  EXPECT_EQ(changelog->blocks[0]->value(0), "n1");
  EXPECT_EQ(changelog->blocks[1]->key(0), core::marker::key);
}

TEST_F(emitter_test, ends_its_lane_when_a_record_of_the_state_is_refused) {
  start(output_rule::in_transaction);
  std::optional<std::string> why;
  keep(system.spawn([&](caf::event_based_actor* self) {
    self->monitor(stage);
    self->set_down_handler([&](const caf::down_msg& down) { why = why_lane_failed(down.reason); });
    return caf::behavior{[](const std::string&) {}};
  }));
  settle();
  release();
  send_batch({"a"});
  changelog->refuses = core::marker::key;
  send_barrier(3);
  EXPECT_EQ(why, "the state of 'mean' cannot be written: too large");
}

TEST_F(emitter_test, holds_nothing_where_the_backend_does_not_ask_for_it) {
  start(output_rule::before_the_state);
  release();
  send_batch({"a"});
  send_barrier(3);
  send_batch({"b"});
  EXPECT_EQ(out[0]->values, (texts{"a", "b"}));
}

TEST_F(emitter_test, tells_the_stats_what_a_barrier_says_of_the_state) {
  start(output_rule::in_transaction);
  release();
  for (int i = 0; i < 2; ++i) {
    auto mark = std::make_shared<barrier>();
    mark->next = core::offset{100};
    mark->counts = {5, 2, 1};
    tell(stage, lane_item{sequence++, nullptr, std::move(mark)});
    settle();
    release();
  }
  EXPECT_EQ(stats->keys, 5);
  EXPECT_EQ(stats->evictions, 4u);
  EXPECT_EQ(stats->late, 2u);
}

TEST_F(emitter_test, emits_nothing_behind_the_last_commit) {
  start(output_rule::in_transaction);
  release();
  send_barrier(3);
  send_batch({"a"});
  release(true);
  send_batch({"b"});
  EXPECT_TRUE(out[0]->values.empty());
}

TEST_F(emitter_test, writes_the_marker_behind_the_changes) {
  start(output_rule::in_transaction);
  release();
  send_batch({"a"});
  auto mark = std::make_shared<barrier>();
  mark->at = core::epoch{3};
  mark->next = core::offset{101};
  mark->changes.append("key", "state");
  tell(stage, lane_item{sequence++, nullptr, mark});
  settle();
  ASSERT_EQ(changelog->blocks.size(), 2u); // the first opened the transaction
  EXPECT_EQ(changelog->blocks[0]->key(0), core::marker::opening_key);
  const auto& written = *changelog->blocks[1];
  ASSERT_EQ(written.size(), 2u);
  EXPECT_EQ(written.key(0), "key");
  EXPECT_EQ(written.key(1), core::marker::key);
  const auto read = core::marker::decode(written.value(1));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->next, core::offset{101});
  EXPECT_EQ(read->at, core::epoch{3});
  EXPECT_EQ(read->node, "n1");
}

TEST_F(emitter_test, writes_no_marker_when_nothing_has_come) {
  start(output_rule::in_transaction);
  release();
  send_barrier(3);
  EXPECT_TRUE(changelog->blocks.empty());
  ASSERT_EQ(done.size(), 1u);
  EXPECT_FALSE(done[0].changed);
}

TEST_F(emitter_test, waits_at_a_barrier_for_what_stands_in_front_of_it_where_the_backend_asks_for_it) {
  start(output_rule::cut_to_the_state, 2);
  release();
  send_batch({"a"});
  send_barrier(3);
  EXPECT_EQ(arrived, std::vector<std::uint64_t>{3});
  EXPECT_TRUE(changelog->blocks.empty());
  out[0]->report(true);
  settle();
  EXPECT_TRUE(changelog->blocks.empty());
  out[1]->report(true);
  settle();
  EXPECT_EQ(changelog->blocks.size(), 1u);
  EXPECT_TRUE(done.empty()); // the changes are not safe yet
  changelog->report(true);
  settle();
  EXPECT_EQ(done.size(), 1u);
}

TEST_F(emitter_test, waits_for_no_batch_behind_the_barrier) {
  start(output_rule::before_the_state);
  release();
  send_batch({"a"});
  out[0]->report(true);
  send_barrier(3);
  send_batch({"b"});
  settle();
  changelog->report(true);
  settle();
  EXPECT_EQ(done.size(), 1u);
}

TEST_F(emitter_test, gives_credit_back_when_every_sink_is_through) {
  start(output_rule::in_transaction, 2);
  release();
  send_batch({"a"});
  out[0]->report(true);
  settle();
  EXPECT_EQ(credit, 0u);
  out[1]->report(true);
  settle();
  EXPECT_EQ(credit, 10u);
}

TEST_F(emitter_test, gives_credit_back_at_once_for_a_batch_of_which_nothing_is_left) {
  start(output_rule::in_transaction);
  release();
  auto b = std::make_shared<core::batch>();
  b->raw = test::block_of(100, {"a", "b"});
  b->filtered = 2;
  send(b);
  EXPECT_EQ(credit, 10u);
  send_barrier(3);
  release();
  EXPECT_EQ(ledger->snapshot(), (core::ledger_snapshot{2, 0, 2, 0, 0}));
}

TEST_F(emitter_test, writes_a_rejected_record_to_the_dead_letters) {
  start(output_rule::in_transaction);
  release();
  auto b = std::make_shared<core::batch>();
  b->raw = test::block_of(100, {"good", "bad"});
  b->rows = {0};
  b->rejected.push_back({1, core::stage::cast, "field 'x' is not a number"});
  send(b);
  EXPECT_EQ(out[0]->values, texts{"good"});
  EXPECT_EQ(letters->texts, texts{"bad: cast: field 'x' is not a number"});
  out[0]->report(true);
  settle();
  EXPECT_EQ(credit, 0u); // the dead letter counts as a sink
  letters->report(true);
  settle();
  EXPECT_EQ(credit, 10u);
  send_barrier(3);
  release();
  EXPECT_EQ(ledger->snapshot(), (core::ledger_snapshot{2, 1, 0, 1, 0}));
}

TEST_F(emitter_test, writes_a_record_that_a_sink_refuses_to_the_dead_letters_once) {
  start(output_rule::in_transaction, 2);
  out[0]->refuses = out[1]->refuses = {"huge"};
  release();
  send_batch({"a", "huge", "b"});
  EXPECT_EQ(out[0]->values, (texts{"a", "b"}));
  EXPECT_EQ(letters->texts, texts{"huge: produce: too large"});
  send_barrier(3);
  release();
  EXPECT_EQ(ledger->snapshot(), (core::ledger_snapshot{3, 2, 0, 1, 0}));
  EXPECT_TRUE(ledger->balanced());
}

TEST_F(emitter_test, counts_the_bytes_of_keys_and_values_that_each_sink_is_given) {
  start(output_rule::in_transaction, 2);
  release();
  auto raw = std::make_shared<core::raw_block>();
  raw->append(100, 0, "key", 3, "value", 5);
  raw->append(101, 0, nullptr, 0, "filtered out", 12);
  raw->seal();
  auto b = std::make_shared<core::batch>();
  b->raw = raw;
  b->rows = {0};
  b->filtered = 1;
  send(b);
  EXPECT_EQ(stats->bytes_out, 2u * (3 + 5));
  send_batch({"more"});
  EXPECT_EQ(stats->bytes_out, 2u * (3 + 5 + 4));
}

TEST_F(emitter_test, writes_the_alerts_of_a_batch) {
  start(output_rule::in_transaction);
  release();
  auto b = std::make_shared<core::batch>();
  b->raw = test::block_of(100, {"a"});
  b->rows = {0};
  auto said = std::make_shared<core::record_block>();
  said->append("fingerprint", "alert");
  b->alerts = said;
  send(b);
  EXPECT_EQ(alerts->values, texts{"alert"});
  EXPECT_EQ(stats->alerts, 1u);
}

TEST_F(emitter_test, tells_the_committer_of_each_delivery_that_failed) {
  start(output_rule::in_transaction);
  release();
  send_batch({"a"});
  EXPECT_EQ(failures, 0);
  report(false); // the output, and the tombstone that opened the transaction
  EXPECT_EQ(failures, 2);
  EXPECT_EQ(credit, 0u);
}

} // namespace
} // namespace weir::actors
