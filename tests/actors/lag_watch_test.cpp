#include "actors/lag_watch.hpp"

#include "actor_fixture.hpp"

namespace weir::actors {
namespace {

using namespace std::chrono_literals;

constexpr auto unknown = core::lane_stats::unknown;

/// A broker that answers what the test says.
class fake_ends final : public io::end_offsets {
public:
  std::map<core::partition_id, core::offset> ask(const std::vector<core::partition_id>& partitions,
                                                 std::chrono::milliseconds) override {
    ++questions;
    std::map<core::partition_id, core::offset> out;
    for (const auto partition : partitions)
      if (const auto found = ends.find(partition); found != ends.end())
        out.insert(*found);
    return out;
  }

  std::map<core::partition_id, core::offset> ends;
  int questions = 0;
};

class lag_watch_test : public test::actor_fixture {
protected:
  void SetUp() override {
    lag_watch_options options;
    options.registry = registry;
    actor = keep(system.spawn(lag_watch, std::shared_ptr<io::end_offsets>{broker}, options));
    settle();
  }

  /// A lane that stands at `next` and reads nothing.
  std::shared_ptr<core::lane_stats> lane(core::partition_id partition, std::int64_t next) {
    const auto stats = registry->start(partition).stats;
    core::lane_stats::set(stats->committed, next);
    tell(actor, start_atom_v);
    settle();
    return stats;
  }

  static constexpr core::partition_id first{0};
  static constexpr core::partition_id second{1};
  std::shared_ptr<core::lane_registry> registry = std::make_shared<core::lane_registry>();
  std::shared_ptr<fake_ends> broker = std::make_shared<fake_ends>();
  lag_watch_actor actor;
};

TEST_F(lag_watch_test, knows_the_lag_of_a_lane_that_reads_nothing) {
  broker->ends = {{first, core::offset{10}}};
  const auto stats = lane(first, 4);
  EXPECT_EQ(stats->lag(), 6);
  broker->ends = {{first, core::offset{30'000}}};
  advance(1s);
  EXPECT_EQ(stats->lag(), 29'996);
}

TEST_F(lag_watch_test, does_not_know_the_lag_when_nobody_has_answered_for_five_seconds) {
  broker->ends = {{first, core::offset{10}}, {second, core::offset{10}}};
  const auto stats = lane(first, 0);
  const auto other = lane(second, 0);
  broker->ends.erase(first);
  for (int i = 0; i < 4; ++i)
    advance(1s);
  EXPECT_EQ(stats->lag(), 10);
  advance(1s);
  EXPECT_EQ(stats->lag(), unknown);
  EXPECT_EQ(other->lag(), 10) << "its broker answers";
  broker->ends = {{first, core::offset{12}}};
  advance(1s);
  EXPECT_EQ(stats->lag(), 12);
}

TEST_F(lag_watch_test, asks_for_lanes_that_run_and_for_no_others) {
  advance(10s);
  EXPECT_EQ(broker->questions, 0);
  lane(first, 0);
  EXPECT_EQ(broker->questions, 1);
  registry->stop(first);
  advance(10s);
  EXPECT_EQ(broker->questions, 1);
}

} // namespace
} // namespace weir::actors
