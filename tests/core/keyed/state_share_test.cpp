#include "core/keyed/state_share.hpp"

#include <numeric>
#include <random>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

using shares = std::vector<std::uint64_t>;

TEST(state_share_test, a_lane_gets_an_even_share_of_its_node_whoever_has_the_other_lanes) {
  EXPECT_EQ(state_of_a_lane(8'000, 8), 1'000u);
  EXPECT_EQ(state_of_a_lane(8'000, 0), 8'000u);
  EXPECT_EQ(state_of_a_lane(std::uint64_t{64} << 30, 2), most_state_of_a_lane);
}

TEST(state_share_test, what_a_table_has_no_use_for_goes_to_the_others) {
  const std::vector<state_need> tables{{"keys", 10, 1'000'000}, {"lane", 100, 100}, {"more keys", 10, 1'000'000}};
  EXPECT_EQ(share_state(tables, 1'120), (shares{510, 100, 510}));
  EXPECT_EQ(share_state(tables, 120), (shares{10, 100, 10}));
  EXPECT_EQ(share_state(tables, unbounded_state), (shares{1'000'000, 100, 1'000'000}));
  EXPECT_TRUE(share_state({}, 100).empty());
}

TEST(state_share_test, gives_no_more_than_there_is_and_leaves_nothing_that_somebody_could_use) {
  std::mt19937 random{1};
  for (int round = 0; round < 1000; ++round) {
    std::vector<state_need> tables(1 + random() % 6);
    std::uint64_t least = 0;
    std::uint64_t most = 0;
    for (auto& table : tables) {
      table.least = random() % 100;
      table.most = table.least + random() % 1000;
      least += table.least;
      most += table.most;
    }
    const std::uint64_t bytes = least + random() % 4000;
    const auto made = share_state(tables, bytes);
    EXPECT_EQ(std::accumulate(made.begin(), made.end(), std::uint64_t{0}), std::min(bytes, most));
    for (std::size_t i = 0; i < made.size(); ++i) {
      EXPECT_GE(made[i], tables[i].least);
      EXPECT_LE(made[i], tables[i].most);
    }
  }
}

TEST(state_share_test, names_the_step_that_needs_most_when_there_is_too_little) {
  const std::vector<state_need> tables{{"mean, anomaly", 4'000, 1'000'000}, {"total", 100, 100}};
  EXPECT_TRUE(check_state(tables, 4'100));
  const auto refused = check_state(tables, 4'099);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().what, "the state of one lane needs 4100 bytes at least ('mean, anomaly' 4000), and its "
                                  "share of state.memory_limit is 4099");
  EXPECT_FALSE(refused.error().remedy.empty());
}

} // namespace
} // namespace weir::core
