#include "actors/operator_stage.hpp"

#include "actor_fixture.hpp"
#include "fake_io.hpp"

#include <numeric>

namespace weir::actors {
namespace {

/// Remembers the numbers of the batches that it has seen, and says those since the last barrier as its changes.
class counting_operator final : public core::ordered_operator {
public:
  explicit counting_operator(std::uint8_t tag) : tag_{tag} {}

  void process(core::batch& b) override {
    unsaid_ += std::to_string(b.sequence) + " ";
    counts_ += {1, 2, 3, 5, 4};
  }
  core::operator_counts counts() const noexcept override { return counts_; }
  std::uint8_t tag() const noexcept override { return tag_; }
  void collect_changes(core::record_block& into) override {
    into.append(std::string(1, static_cast<char>(tag_)), unsaid_);
    unsaid_.clear();
  }
  core::result<void> restore(std::string_view, const std::string_view*) override { return {}; }

private:
  std::uint8_t tag_;
  std::string unsaid_;
  core::operator_counts counts_{10, 20, 30, 50, 40}; ///< restored ones
};

/// Has something to say at every second tick.
class ticking_operator final : public core::ordered_operator {
public:
  void process(core::batch& b) override {
    if (b.tick_ms && ++ticks_ % 2 == 0)
      unsaid_ = true;
  }
  bool wants_ticks() const noexcept override { return true; }
  std::uint8_t tag() const noexcept override { return 't'; }
  void collect_changes(core::record_block& into) override {
    if (std::exchange(unsaid_, false))
      into.append("t", std::to_string(ticks_));
  }
  core::result<void> restore(std::string_view, const std::string_view*) override { return {}; }

private:
  int ticks_ = 0;
  bool unsaid_ = false;
};

class operator_stage_test : public test::actor_fixture {
protected:
  void start(int operators, int inferencers = 0) {
    operator_list list;
    for (int i = 0; i < operators; ++i)
      list.push_back(std::make_shared<counting_operator>(static_cast<std::uint8_t>('a' + i)));
    auto next = fake<lane_stage_actor>([this](const lane_item& item) { passed.push_back(item); });
    std::vector<inferencer_actor> pool;
    for (int i = 0; i < inferencers; ++i)
      pool.push_back(fake<inferencer_actor>([this](const batch_work& work) { scored.push_back(work); }));
    stage = keep(system.spawn(operator_stage, std::move(list), std::move(pool), next, std::size_t{0}));
  }

  void start_with(operator_list list) {
    auto next = fake<lane_stage_actor>([this](const lane_item& item) { passed.push_back(item); });
    stage = keep(system.spawn(operator_stage, std::move(list), std::vector<inferencer_actor>{}, next, std::size_t{0}));
  }

  static lane_item tick_of(std::uint64_t sequence) {
    auto b = std::make_shared<core::batch>();
    b->sequence = sequence;
    b->raw = test::block_of(0, {});
    b->tick_ms = 1000;
    return {sequence, std::move(b), nullptr};
  }

  static lane_item batch_of(std::uint64_t sequence) {
    auto b = std::make_shared<core::batch>();
    b->sequence = sequence;
    b->raw = test::block_of(static_cast<std::int64_t>(sequence), {"x"});
    return {sequence, std::move(b), nullptr};
  }
  static lane_item barrier_at(std::uint64_t sequence) { return {sequence, nullptr, std::make_shared<barrier>()}; }

  lane_stage_actor stage;
  std::vector<lane_item> passed;
  std::vector<batch_work> scored;
};

TEST_F(operator_stage_test, keeps_the_order_of_its_lane_whatever_order_items_arrive_in) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    start(1);
    passed.clear();
    std::vector<std::uint64_t> order(12);
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), std::mt19937_64{seed});
    for (const auto sequence : order)
      tell(stage, sequence % 4 == 3 ? barrier_at(sequence) : batch_of(sequence));
    settle();
    ASSERT_EQ(passed.size(), order.size()) << "seed " << seed;
    for (std::size_t i = 0; i < passed.size(); ++i) {
      ASSERT_EQ(passed[i].sequence, i) << "seed " << seed;
      ASSERT_EQ(passed[i].barrier != nullptr, i % 4 == 3) << "seed " << seed;
    }
  }
}

TEST_F(operator_stage_test, collects_at_a_barrier_the_changes_of_the_batches_in_front_of_it_and_no_others) {
  start(2);
  tell(stage, batch_of(4)); // behind both barriers
  tell(stage, batch_of(2));
  tell(stage, barrier_at(3));
  tell(stage, batch_of(0));
  tell(stage, barrier_at(1));
  settle();
  ASSERT_EQ(passed.size(), 5u);
  const auto& first = passed[1].barrier->changes;
  ASSERT_EQ(first.size(), 2u);
  EXPECT_EQ(first.key(0), "a");
  EXPECT_EQ(first.key(1), "b");
  EXPECT_EQ(first.value(0), "0 ");
  EXPECT_EQ(first.value(1), "0 ");
  EXPECT_EQ(passed[3].barrier->changes.value(0), "2 ");
}

TEST_F(operator_stage_test, adds_to_a_barrier_the_keys_and_bytes_that_there_are_and_what_went_since_the_last) {
  start(2);
  tell(stage, batch_of(0));
  tell(stage, barrier_at(1));
  tell(stage, batch_of(2));
  tell(stage, batch_of(3));
  auto other = barrier_at(4);
  other.barrier->counts = {100, 200, 300, 500, 400}; // of a stage in front
  tell(stage, other);
  settle();
  ASSERT_EQ(passed.size(), 5u);
  const auto& first = passed[1].barrier->counts;
  EXPECT_EQ(first.keys, 22u);
  EXPECT_EQ(first.evictions, 4u);
  EXPECT_EQ(first.late, 6u);
  EXPECT_EQ(first.ahead, 10u);
  EXPECT_EQ(first.bytes, 88u);
  const auto& second = passed[4].barrier->counts;
  EXPECT_EQ(second.keys, 126u);
  EXPECT_EQ(second.evictions, 208u);
  EXPECT_EQ(second.late, 312u);
  EXPECT_EQ(second.ahead, 520u);
  EXPECT_EQ(second.bytes, 504u);
}

TEST_F(operator_stage_test,
       shows_ticks_in_order_to_those_who_want_them_and_says_at_the_barrier_if_one_changed_something) {
  auto counting = std::make_shared<counting_operator>(std::uint8_t{'a'});
  start_with({std::make_shared<ticking_operator>()});
  tell(stage, tick_of(2));
  tell(stage, barrier_at(1));
  tell(stage, tick_of(0));
  tell(stage, barrier_at(3));
  tell(stage, barrier_at(4));
  settle();
  ASSERT_EQ(passed.size(), 5u);
  EXPECT_FALSE(passed[1].barrier->moved);
  EXPECT_TRUE(passed[3].barrier->moved);
  EXPECT_EQ(passed[3].barrier->changes.value(0), "2");
  EXPECT_FALSE(passed[4].barrier->moved);

  passed.clear();
  start_with({counting});
  tell(stage, tick_of(0));
  tell(stage, barrier_at(1));
  settle();
  ASSERT_EQ(passed.size(), 2u);
  EXPECT_TRUE(passed[0].batch->tick_ms) << "it goes on";
  EXPECT_EQ(passed[1].barrier->changes.value(0), "") << "and was not shown";
}

TEST_F(operator_stage_test, ignores_an_item_that_comes_again) {
  start(1);
  tell(stage, batch_of(0));
  tell(stage, batch_of(0));
  tell(stage, barrier_at(1));
  settle();
  ASSERT_EQ(passed.size(), 2u);
  EXPECT_EQ(passed[1].barrier->changes.value(0), "0 ");
}

TEST_F(operator_stage_test, sends_batches_by_way_of_inference_and_barriers_straight_on) {
  start(1, 2);
  tell(stage, batch_of(0));
  tell(stage, barrier_at(1));
  tell(stage, batch_of(2));
  settle();
  ASSERT_EQ(passed.size(), 1u);
  EXPECT_EQ(passed[0].sequence, 1u);
  ASSERT_EQ(scored.size(), 2u);
  EXPECT_EQ(scored[0].batch->sequence, 0u);
}

} // namespace
} // namespace weir::actors
