#include "actors/partition_reader.hpp"

#include "actor_fixture.hpp"
#include "fake_io.hpp"

namespace weir::actors {
namespace {

class partition_reader_test : public test::actor_fixture {
protected:
  /// A reader of partition 1 with blocks of one record, and two preprocessors that keep what they get.
  partition_reader_actor reader_of(int records, std::size_t window) {
    for (int i = 0; i < records; ++i)
      source->blocks.push_back(test::block_of(100 + i, {"a record"}, core::partition_id{1}));
    partition_reader_options options;
    options.partition = core::partition_id{1};
    options.from = core::offset{100};
    options.window_bytes = window;
    options.models = models(3);
    options.labels = labels_reader;
    options.ledger = ledger;
    options.stats = stats;
    options.tick_ms = tick_ms;
    options.wall_clock = [this] { return wall_ms; };
    auto work = [this](int who) {
      return fake<preprocessor_actor>([this, who](const raw_work& item) { got.push_back({who, item}); });
    };
    auto stage = fake<lane_stage_actor>([this](const lane_item& item) { barriers.push_back(item); });
    auto node = fake<node_actor>([this](eof_atom, std::int32_t partition) { ends.push_back(partition); });
    auto reader = keep(system.spawn(partition_reader, std::shared_ptr<io::record_source>{source},
                                    std::vector<preprocessor_actor>{work(0), work(1)}, stage, node, options));
    settle();
    return reader;
  }

  static model_set_ptr models(std::uint64_t number) {
    return std::make_shared<const config::model_set>(
        std::vector<models::model_slot>{}, std::vector<models::contest::options>{}, core::model_choice{number, {}});
  }

  std::uint64_t charge_of_one() const { return test::block_of(100, {"a record"})->footprint(); }

  struct received {
    int who;
    raw_work item;
  };
  std::shared_ptr<test::fake_source> source = std::make_shared<test::fake_source>();
  test::fake_source* labels = nullptr;
  std::shared_ptr<io::label_reader> labels_reader;
  std::shared_ptr<core::ledger> ledger = std::make_shared<core::ledger>();
  std::shared_ptr<core::lane_stats> stats = std::make_shared<core::lane_stats>();
  std::int64_t tick_ms = 0;
  std::int64_t wall_ms = 0;
  std::vector<received> got;
  std::vector<lane_item> barriers;
  std::vector<std::int32_t> ends;
};

TEST_F(partition_reader_test, reads_no_more_than_its_credit_and_goes_on_when_some_comes_back) {
  const auto one = charge_of_one();
  auto reader = reader_of(10, 3 * one - 1);
  tell(reader, ready_atom_v);
  settle();
  EXPECT_EQ(got.size(), 3u); // at two, the window was still open
  tell(reader, credit_atom_v, one);
  settle();
  EXPECT_EQ(got.size(), 4u);
  tell(reader, window_atom_v, 5 * one);
  settle();
  EXPECT_EQ(got.size(), 6u);
}

TEST_F(partition_reader_test, tells_the_time_while_all_is_read_and_nothing_is_on_its_way) {
  tick_ms = 500;
  auto reader = reader_of(2, 1u << 20);
  tell(reader, ready_atom_v);
  settle();
  ASSERT_EQ(got.size(), 2u);
  tell(reader, credit_atom_v, 2 * charge_of_one());
  wall_ms = 1000;
  advance(std::chrono::seconds{1}); // the source does not say that it is read to its end
  EXPECT_EQ(got.size(), 2u);
  source->end = 102;
  wall_ms = 1500;
  advance(std::chrono::milliseconds{500});
  ASSERT_EQ(got.size(), 3u);
  const auto tick = got[2].item;
  EXPECT_TRUE(tick.raw->empty());
  EXPECT_EQ(tick.tick_ms, 1500);
  EXPECT_EQ(tick.sequence, 2u);
  EXPECT_GT(tick.charge, 0u);
  EXPECT_FALSE(got[1].item.tick_ms);
  wall_ms = 2500;
  advance(std::chrono::seconds{1}); // that one is not through
  EXPECT_EQ(got.size(), 3u);
  tell(reader, cut_atom_v, std::uint64_t{1}, false);
  settle();
  ASSERT_EQ(barriers.size(), 1u);
  EXPECT_EQ(barriers[0].sequence, 3u);
  EXPECT_FALSE(barriers[0].barrier->moved);
  tell(reader, credit_atom_v, tick.charge);
  settle();
  advance(std::chrono::milliseconds{500});
  ASSERT_EQ(got.size(), 4u);
  EXPECT_EQ(got[3].item.tick_ms, 2500);
}

TEST_F(partition_reader_test, tells_no_time_while_records_wait_or_it_is_paused_or_has_ended) {
  tick_ms = 500;
  auto reader = reader_of(0, 1u << 20);
  source->end = 100;
  tell(reader, pause_atom_v, true);
  settle();
  advance(std::chrono::seconds{1});
  EXPECT_EQ(got.size(), 0u);
  source->blocks.push_back(test::block_of(100, {"a record"}, core::partition_id{1}));
  tell(reader, pause_atom_v, false);
  settle();
  ASSERT_EQ(got.size(), 1u);
  tell(reader, credit_atom_v, charge_of_one());
  settle();
  advance(std::chrono::seconds{1}); // its end is behind the record now, which nobody has seen
  EXPECT_EQ(got.size(), 1u);
  source->end = 101;
  source->blocks.push_back(test::block_of(101, {"a record"}, core::partition_id{1}));
  advance(std::chrono::milliseconds{500});
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(got[1].item.raw->size(), 1u) << "what has come goes first";
  tell(reader, credit_atom_v, charge_of_one());
  source->end = 102;
  tell(reader, cut_atom_v, std::uint64_t{1}, true);
  settle();
  advance(std::chrono::seconds{2});
  EXPECT_EQ(got.size(), 2u);
}

TEST_F(partition_reader_test, changes_the_models_at_a_barrier_and_says_so_in_the_state) {
  const auto one = charge_of_one();
  auto reader = reader_of(4, one);
  tell(reader, ready_atom_v);
  settle();
  tell(reader, models(3)); // it has those
  tell(reader, cut_atom_v, std::uint64_t{1}, false);
  settle();
  tell(reader, models(8));
  tell(reader, models(9));
  tell(reader, credit_atom_v, one);
  settle();
  tell(reader, cut_atom_v, std::uint64_t{2}, false);
  tell(reader, credit_atom_v, one);
  settle();
  tell(reader, cut_atom_v, std::uint64_t{3}, false);
  settle();
  ASSERT_EQ(got.size(), 3u);
  EXPECT_EQ(got[0].item.models->choice().number, 3u);
  EXPECT_EQ(got[1].item.models->choice().number, 3u) << "not before the barrier";
  EXPECT_EQ(got[2].item.models->choice().number, 9u);
  ASSERT_EQ(barriers.size(), 3u);
  EXPECT_TRUE(barriers[0].barrier->changes.empty());
  ASSERT_EQ(barriers[1].barrier->changes.size(), 1u);
  EXPECT_EQ(barriers[1].barrier->changes.key(0), core::model_choice_key);
  EXPECT_EQ(core::decode_model_choice(barriers[1].barrier->changes.value(0))->number, 9u);
  EXPECT_TRUE(barriers[2].barrier->changes.empty());
  EXPECT_EQ(stats->model_choice, 9);
  EXPECT_EQ(stats->model_choice_from, 102);
}

TEST_F(partition_reader_test, does_not_change_the_models_behind_the_last_barrier) {
  auto reader = reader_of(1, 1u << 20);
  tell(reader, models(8));
  tell(reader, cut_atom_v, std::uint64_t{1}, true);
  settle();
  ASSERT_EQ(barriers.size(), 1u);
  EXPECT_TRUE(barriers[0].barrier->changes.empty());
}

class partition_reader_with_labels_test : public partition_reader_test {
protected:
  partition_reader_with_labels_test() {
    auto topic = std::make_unique<test::fake_source>();
    labels = topic.get();
    labels_reader = std::make_shared<io::label_reader>("labels", std::move(topic));
  }

  /// What the lane's state says at a barrier of how far the labels were read; nothing: nothing new.
  std::optional<std::int64_t> noted(std::size_t barrier) const {
    const auto place = core::find_label_place(barriers[barrier].barrier->changes, "labels");
    EXPECT_TRUE(place);
    EXPECT_EQ(barriers[barrier].barrier->moved, place->has_value());
    return *place ? std::optional{value_of(**place)} : std::nullopt;
  }
};

TEST_F(partition_reader_with_labels_test, labels_go_with_the_records_that_come_next_and_their_place_with_the_barrier) {
  labels->blocks.push_back(test::block_of(7, {"one", "two"}, core::partition_id{1}));
  labels->blocks.push_back(test::block_of(9, {"three"}, core::partition_id{1}));
  auto reader = reader_of(3, 1u << 20);
  tell(reader, ready_atom_v);
  settle();
  ASSERT_EQ(got.size(), 3u);
  std::sort(got.begin(), got.end(), [](const auto& a, const auto& b) { return a.item.sequence < b.item.sequence; });
  ASSERT_EQ(got[0].item.labels.size(), 1u);
  EXPECT_EQ(got[0].item.labels[0]->size(), 2u);
  EXPECT_EQ(got[0].item.charge, charge_of_one() + test::block_of(7, {"one", "two"})->footprint());
  EXPECT_EQ(got[1].item.labels.size(), 1u);
  EXPECT_EQ(got[2].item.labels.size(), 0u);
  EXPECT_EQ(stats->labels, 3u);
  tell(reader, cut_atom_v, std::uint64_t{1}, false);
  tell(reader, cut_atom_v, std::uint64_t{2}, false);
  settle();
  EXPECT_EQ(noted(0), 10);
  EXPECT_EQ(noted(1), std::nullopt);
}

TEST_F(partition_reader_with_labels_test, labels_do_not_wait_for_records_that_do_not_come) {
  auto reader = reader_of(0, 1u << 20);
  labels->blocks.push_back(test::block_of(7, {"one"}, core::partition_id{1}));
  labels->wake();
  settle();
  ASSERT_EQ(got.size(), 1u);
  EXPECT_TRUE(got[0].item.raw->empty());
  EXPECT_EQ(got[0].item.raw->partition, core::partition_id{1});
  EXPECT_EQ(got[0].item.labels.size(), 1u);
  tell(reader, cut_atom_v, std::uint64_t{1}, true);
  settle();
  EXPECT_EQ(noted(0), 8);
  EXPECT_EQ(barriers[0].barrier->next, core::offset{100}); // no record has come
}

TEST_F(partition_reader_with_labels_test, labels_wait_for_credit_too) {
  auto reader = reader_of(1, 1);
  tell(reader, ready_atom_v);
  settle();
  labels->blocks.push_back(test::block_of(7, {"one"}, core::partition_id{1}));
  labels->wake();
  settle();
  EXPECT_EQ(got.size(), 1u);
  tell(reader, credit_atom_v, charge_of_one());
  settle();
  EXPECT_EQ(got.size(), 2u);
}

TEST_F(partition_reader_test, lets_one_block_pass_that_is_larger_than_the_window) {
  auto reader = reader_of(2, 1);
  tell(reader, ready_atom_v);
  settle();
  EXPECT_EQ(got.size(), 1u);
}

TEST_F(partition_reader_test, numbers_its_blocks_without_gaps_and_takes_the_preprocessors_in_turn) {
  auto reader = reader_of(4, 1u << 20);
  tell(reader, ready_atom_v);
  settle();
  ASSERT_EQ(got.size(), 4u);
  std::sort(got.begin(), got.end(), [](const auto& a, const auto& b) { return a.item.sequence < b.item.sequence; });
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_EQ(got[i].item.sequence, i);
    EXPECT_EQ(got[i].item.raw->offsets.front(), static_cast<std::int64_t>(100 + i));
    EXPECT_EQ(got[i].item.charge, charge_of_one());
  }
  EXPECT_NE(got[0].who, got[1].who);
  EXPECT_EQ(got[0].who, got[2].who);
}

TEST_F(partition_reader_test, puts_a_barrier_behind_what_it_has_sent) {
  auto reader = reader_of(3, 1u << 20);
  tell(reader, cut_atom_v, std::uint64_t{7}, false);
  settle();
  ASSERT_EQ(barriers.size(), 1u);
  EXPECT_EQ(barriers[0].sequence, 0u);
  EXPECT_EQ(barriers[0].barrier->next, core::offset{100}); // where the lane began
  tell(reader, ready_atom_v);
  settle();
  tell(reader, cut_atom_v, std::uint64_t{8}, false);
  settle();
  ASSERT_EQ(barriers.size(), 2u);
  EXPECT_EQ(barriers[1].sequence, 4u);
  EXPECT_EQ(barriers[1].barrier->at, core::epoch{8});
  EXPECT_EQ(barriers[1].barrier->next, core::offset{103});
  EXPECT_FALSE(barriers[1].barrier->last);
}

TEST_F(partition_reader_test, counts_what_nobody_is_to_read_as_read) {
  auto reader = reader_of(3, 1u << 20);
  tell(reader, ready_atom_v);
  settle();
  source->end = 105; // behind the records stand marks of transactions
  tell(reader, cut_atom_v, std::uint64_t{7}, false);
  settle();
  ASSERT_EQ(barriers.size(), 1u);
  EXPECT_EQ(barriers[0].barrier->next, core::offset{105});
}

TEST_F(partition_reader_test, ends_when_its_source_cannot_go_on) {
  auto reader = reader_of(1, 1u << 20);
  source->broken = core::error{"the log does not have the record that comes next", {}, {}};
  tell(reader, ready_atom_v);
  settle();
  EXPECT_EQ(got.size(), 1u) << "what it has is read first";
  tell(reader, cut_atom_v, std::uint64_t{7}, false);
  settle();
  EXPECT_TRUE(barriers.empty());
}

TEST_F(partition_reader_test, reads_nothing_behind_the_last_barrier) {
  auto reader = reader_of(3, 1u << 20);
  tell(reader, cut_atom_v, std::uint64_t{7}, true);
  tell(reader, ready_atom_v);
  tell(reader, cut_atom_v, std::uint64_t{8}, false);
  settle();
  EXPECT_TRUE(got.empty());
  ASSERT_EQ(barriers.size(), 1u);
  EXPECT_TRUE(barriers[0].barrier->last);
}

TEST_F(partition_reader_test, reads_nothing_while_paused_but_goes_on_with_barriers) {
  auto reader = reader_of(3, 1u << 20);
  tell(reader, pause_atom_v, true);
  tell(reader, ready_atom_v);
  tell(reader, cut_atom_v, std::uint64_t{7}, false);
  settle();
  EXPECT_TRUE(got.empty());
  EXPECT_EQ(barriers.size(), 1u);
  tell(reader, pause_atom_v, false);
  settle();
  EXPECT_EQ(got.size(), 3u);
}

TEST_F(partition_reader_test, reads_on_when_the_source_wakes_it) {
  auto reader = reader_of(0, 1u << 20);
  tell(reader, ready_atom_v);
  settle();
  EXPECT_TRUE(got.empty());
  source->blocks.push_back(test::block_of(100, {"late"}));
  source->wake();
  settle();
  EXPECT_EQ(got.size(), 1u);
}

TEST_F(partition_reader_test, skips_what_the_state_has_already_when_the_source_goes_back) {
  auto reader = reader_of(3, 1 << 20);
  tell(reader, ready_atom_v);
  settle();
  ASSERT_EQ(got.size(), 3u);
  source->blocks.push_back(test::block_of(0, {"0", "1"}, core::partition_id{1}));
  source->blocks.push_back(test::block_of(101, {"101", "102", "103", "104"}, core::partition_id{1}));
  source->blocks.push_back(test::block_of(105, {"105"}, core::partition_id{1}));
  tell(reader, ready_atom_v);
  settle();
  ASSERT_EQ(got.size(), 5u);
  const auto& rest = *got[3].item.raw;
  EXPECT_EQ(rest.offsets, (std::vector<std::int64_t>{103, 104}));
  EXPECT_EQ(rest.value(0), "103");
  EXPECT_EQ(rest.value(1), "104");
  EXPECT_EQ(got[4].item.raw->offsets.front(), 105);
  EXPECT_EQ(ledger->snapshot().received, 6u);
}

TEST_F(partition_reader_test, tells_once_that_a_finite_source_has_come_to_its_end) {
  source->finite = true;
  auto reader = reader_of(1, 1u << 20);
  tell(reader, ready_atom_v);
  tell(reader, ready_atom_v);
  settle();
  EXPECT_EQ(ends, std::vector<std::int32_t>{1});
}

TEST_F(partition_reader_test, ends_when_more_credit_comes_back_than_was_taken) {
  auto reader = reader_of(1, 1u << 20);
  tell(reader, ready_atom_v);
  settle();
  tell(reader, credit_atom_v, charge_of_one());
  settle();
  EXPECT_FALSE(has_ended(caf::actor_cast<caf::actor>(reader)));
  tell(reader, credit_atom_v, std::uint64_t{1});
  settle();
  EXPECT_TRUE(has_ended(caf::actor_cast<caf::actor>(reader)));
}

TEST_F(partition_reader_test, enters_what_it_reads_into_the_ledger) {
  auto reader = reader_of(3, 1u << 20);
  tell(reader, ready_atom_v);
  settle();
  EXPECT_EQ(ledger->snapshot(), (core::ledger_snapshot{3, 0, 0, 0, 3}));
  EXPECT_EQ(stats->last_offset, 102);
  EXPECT_EQ(stats->batches, 3u);
}

} // namespace
} // namespace weir::actors
