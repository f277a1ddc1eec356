#include "commit_simulation.hpp"

#include <gtest/gtest.h>

namespace weir::core {
namespace {

/// Shares of the seeds, so that they run side by side.
class commit_simulation_test : public ::testing::TestWithParam<std::uint64_t> {
protected:
  static constexpr std::uint64_t share = 1250;

  void run(promise kept) {
    for (auto seed = GetParam() * share; seed < (GetParam() + 1) * share; ++seed) {
      const auto report = simulate_commits(kept, seed);
      ASSERT_EQ(report.problem, "") << "seed " << seed;
      seen.commits += report.counts.commits;
      seen.aborts += report.counts.aborts;
      seen.renewals += report.counts.renewals;
      seen.lost_answers += report.counts.lost_answers;
      seen.crashes += report.counts.crashes;
      seen.rebalances += report.counts.rebalances;
      seen.lost += report.counts.lost;
      seen.late_lanes += report.counts.late_lanes;
      seen.finished += report.counts.finished;
      seen.unfinished += report.counts.unfinished;
      seen.usurped += report.counts.usurped;
      seen.drained += report.counts.drained;
      seen.steps += report.counts.steps;
    }
    // A simulation in which nothing goes wrong proves nothing.
    for (const auto count : {seen.commits, seen.aborts, seen.lost_answers, seen.crashes, seen.rebalances, seen.lost,
                             seen.late_lanes, seen.finished, seen.unfinished, seen.drained})
      EXPECT_GT(count, share / 10);
  }

  simulation_counts seen;
};

TEST_P(commit_simulation_test, exactly_once_holds_whatever_happens) {
  run(promise::exactly_once);
  EXPECT_GT(seen.renewals, share / 10);
  EXPECT_GT(seen.usurped, share / 10);
}

TEST_P(commit_simulation_test, at_least_once_loses_nothing_and_state_is_never_ahead_of_its_marker) {
  run(promise::at_least_once);
}

INSTANTIATE_TEST_SUITE_P(seeds, commit_simulation_test, ::testing::Range<std::uint64_t>(0, 8));

} // namespace
} // namespace weir::core
