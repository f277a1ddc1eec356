#include "tests/simulation/commit_simulation.hpp"

#include <tuple>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

/// Shares of the seeds, so that they run side by side.
class commit_simulation_test : public ::testing::TestWithParam<std::uint64_t> {
protected:
  static constexpr std::uint64_t share = 1250;

  void run(promise kept) {
    for (auto seed = GetParam() * share; seed < (GetParam() + 1) * share; ++seed) {
      const auto report = simulate_commits({.kept = kept, .seed = seed});
      ASSERT_EQ(report.problem, "") << "seed " << seed;
      seen.commits += report.counts.commits;
      seen.aborts += report.counts.aborts;
      seen.renewals += report.counts.renewals;
      seen.lost_answers += report.counts.lost_answers;
      seen.crashes += report.counts.crashes;
      seen.rebalances += report.counts.rebalances;
      seen.lost += report.counts.lost;
      seen.late_lanes += report.counts.late_lanes;
      seen.refused += report.counts.refused;
      seen.finished += report.counts.finished;
      seen.unfinished += report.counts.unfinished;
      seen.fenced_again += report.counts.fenced_again;
      seen.drained += report.counts.drained;
      seen.steps += report.counts.steps;
    }
    // A simulation in which nothing goes wrong proves nothing.
    for (const auto count : {seen.commits, seen.aborts, seen.lost_answers, seen.crashes, seen.rebalances, seen.lost,
                             seen.late_lanes, seen.refused, seen.finished, seen.unfinished, seen.drained})
      EXPECT_GT(count, share / 10);
  }

  simulation_counts seen;
};

TEST_P(commit_simulation_test, exactly_once_holds_whatever_happens) {
  run(promise::exactly_once);
  EXPECT_GT(seen.renewals, share / 10);
  EXPECT_GT(seen.fenced_again, share / 10);
}

TEST_P(commit_simulation_test, at_least_once_loses_nothing_and_keeps_the_state_right) {
  run(promise::at_least_once);
}

/// A mistake that is planted has to be found.
class planted_bug_test : public ::testing::TestWithParam<std::tuple<planted, promise>> {};

TEST_P(planted_bug_test, is_found) {
  const auto [bug, kept] = GetParam();
  for (std::uint64_t seed = 0; seed < 1000; ++seed)
    if (!simulate_commits({.kept = kept, .seed = seed, .bug = bug}).problem.empty())
      return;
  FAIL() << "1000 seeds do not find it";
}

INSTANTIATE_TEST_SUITE_P(each, planted_bug_test,
                         ::testing::Values(std::tuple{planted::refusal_unheard, promise::exactly_once},
                                           std::tuple{planted::stale_take_up, promise::exactly_once},
                                           std::tuple{planted::state_is_removed, promise::exactly_once},
                                           std::tuple{planted::state_outside, promise::at_least_once},
                                           std::tuple{planted::commit_before_flush, promise::exactly_once}));

INSTANTIATE_TEST_SUITE_P(seeds, commit_simulation_test, ::testing::Range<std::uint64_t>(0, 8));

} // namespace
} // namespace weir::core
