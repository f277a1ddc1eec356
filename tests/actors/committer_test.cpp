#include "actors/committer.hpp"

#include "actor_fixture.hpp"

namespace weir::actors {
namespace {

using namespace std::chrono_literals;

/// Says ok to everything, and counts.
class willing_backend final : public io::backend {
public:
  core::result<std::shared_ptr<const io::output_set>> open() override {
    ++opened;
    if (away > 0) {
      --away;
      return core::fail("no broker answers");
    }
    return std::make_shared<const io::output_set>();
  }
  core::output_rule rule() const override { return core::output_rule::in_transaction; }
  core::broker_answer begin() override { return core::broker_answer::ok; }
  core::broker_answer send_offsets(const std::vector<core::partition_offset>&) override {
    return core::broker_answer::ok;
  }
  core::broker_answer commit() override {
    ++commits;
    return answer;
  }
  core::broker_answer abort() override { return core::broker_answer::ok; }

  int opened = 0;
  int away = 0; ///< attempts to open that fail
  int commits = 0;
  core::broker_answer answer = core::broker_answer::ok; ///< to commit()
};

/// A committer with one lane that is done with each cut at once.
class committer_test : public test::actor_fixture {
protected:
  void SetUp() override {
    committer_options options;
    options.commit.interval = 100ms;
    auto node = fake<node_actor>([this](start_atom, const output_set_ptr& outputs) { starts.push_back(outputs); },
                                 [this](ended_atom, bool complete) { ends.push_back(complete); },
                                 [this](rewind_atom) { tell(actor, start_atom_v); });
    actor = keep(system.spawn(committer, std::shared_ptr<io::backend>{backend}, node, options));
    settle();
  }

  void add_lane() {
    auto reader = fake<partition_reader_actor>([this](cut_atom, std::uint64_t at, bool last) {
      next += 10;
      last_cuts += last ? 1 : 0;
      tell(actor, done_atom_v, std::int32_t{0}, at, next, true);
    });
    auto emitter = fake<emitter_actor>([this](release_atom, std::uint64_t, bool) { ++releases; });
    tell(actor, lane_atom_v, std::int32_t{0}, next, reader, emitter);
    settle();
  }

  void advance_by_steps(std::chrono::milliseconds by) {
    for (auto step = 0ms; step < by; step += 1ms)
      advance(1ms);
  }

  /// How long it took until the next producer was made, with lanes for all before.
  std::chrono::milliseconds time_to_next_producer() {
    const auto before = backend->opened;
    add_lane();
    auto waited = 0ms;
    for (; backend->opened == before && waited < 20s; waited += 1ms)
      advance(1ms);
    return waited;
  }

  std::shared_ptr<willing_backend> backend = std::make_shared<willing_backend>();
  committer_actor actor;
  std::vector<output_set_ptr> starts;
  std::vector<bool> ends;
  std::int64_t next = 0;
  int releases = 0;
  int last_cuts = 0;
};

TEST_F(committer_test, tells_the_node_of_new_outputs_once_and_opens_none_where_there_are_some) {
  tell(actor, start_atom_v);
  tell(actor, start_atom_v);
  settle();
  ASSERT_EQ(starts.size(), 2u);
  EXPECT_TRUE(starts[0]);
  EXPECT_FALSE(starts[1]);
  EXPECT_EQ(backend->opened, 1);
}

TEST_F(committer_test, tries_again_until_a_producer_can_be_made) {
  backend->away = 3;
  tell(actor, start_atom_v);
  settle();
  EXPECT_TRUE(starts.empty());
  advance_by_steps(3s);
  EXPECT_EQ(starts.size(), 1u);
  EXPECT_EQ(backend->opened, 4);
}

TEST_F(committer_test, tries_in_one_chain_however_often_it_is_told_to_start) {
  backend->away = 100;
  for (int i = 0; i < 5; ++i)
    tell(actor, start_atom_v);
  settle();
  EXPECT_EQ(backend->opened, 5);
  advance_by_steps(4s);
  EXPECT_EQ(backend->opened, 9);
}

TEST_F(committer_test, commits_at_its_interval) {
  tell(actor, start_atom_v);
  settle();
  add_lane();
  EXPECT_EQ(releases, 1);
  advance_by_steps(10s);
  EXPECT_GE(backend->commits, 98);
  EXPECT_LE(backend->commits, 100);
}

TEST_F(committer_test, waits_longer_for_each_new_producer_when_they_fail_soon_after_one_another) {
  backend->answer = core::broker_answer::fatal;
  tell(actor, start_atom_v);
  settle();
  std::vector<std::chrono::milliseconds> waits;
  for (int i = 0; i < 9; ++i)
    waits.push_back(time_to_next_producer());
  EXPECT_LE(waits.front(), 300ms); // an epoch and no pause
  EXPECT_TRUE(std::is_sorted(waits.begin(), waits.end()));
  EXPECT_GE(waits.back(), 5s);
  EXPECT_LE(waits.back(), 6s);

  backend->answer = core::broker_answer::ok;
  add_lane();
  advance_by_steps(10s);
  backend->answer = core::broker_answer::fatal;
  const auto before = backend->opened;
  advance_by_steps(300ms);
  EXPECT_GT(backend->opened, before) << "the pause is forgotten after a quiet time";
}

TEST_F(committer_test, cuts_at_once_when_it_is_told_to_finish) {
  tell(actor, start_atom_v);
  settle();
  add_lane();
  tell(actor, finish_atom_v, std::int64_t{1000});
  settle();
  EXPECT_EQ(last_cuts, 1);
  EXPECT_EQ(backend->commits, 1);
  EXPECT_EQ(ends, std::vector<bool>{true});
}

TEST_F(committer_test, hurries_when_it_is_told_to) {
  tell(actor, start_atom_v);
  settle();
  add_lane();
  tell(actor, hurry_atom_v);
  settle();
  advance(1ms);
  EXPECT_EQ(backend->commits, 1);
}

} // namespace
} // namespace weir::actors
