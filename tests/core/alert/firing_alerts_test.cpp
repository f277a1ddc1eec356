#include "core/alert/firing_alerts.hpp"

#include <gtest/gtest.h>

#include <random>

namespace weir::core {
namespace {

class firing_alerts_test : public ::testing::Test {
protected:
  using change = firing_alerts::change;

  static constexpr std::size_t rules = 2;
  static constexpr std::size_t cost = firing_alerts::bytes_per_alert;

  void use(firing_alerts::limits limits) { alerts = firing_alerts{rules, limits}; }

  change say(std::size_t rule, const std::string& key, std::int64_t now, bool is_true = true,
             std::int64_t repeat_ms = 0) {
    std::int64_t since = 0;
    return alerts.update(rule, key, is_true, now, repeat_ms, since);
  }

  bool is_firing(std::size_t rule, const std::string& key) const { return alerts.find(rule, key) != nullptr; }

  firing_alerts alerts{rules};
};

TEST_F(firing_alerts_test, lets_the_one_go_that_was_said_longest_ago) {
  use({.max_alerts = 2});
  say(0, "a", 10);
  say(1, "b", 20);
  EXPECT_EQ(say(0, "a", 30, true, 15), change::repeated);
  EXPECT_EQ(say(0, "c", 40), change::firing);
  EXPECT_TRUE(is_firing(0, "a"));
  EXPECT_FALSE(is_firing(1, "b"));
  EXPECT_TRUE(is_firing(0, "c"));
  EXPECT_EQ(alerts.size(), 2u);
  EXPECT_EQ(alerts.evictions(), 1u);
}

TEST_F(firing_alerts_test, goes_by_the_time_of_the_records_then_by_rule_and_key) {
  use({.max_alerts = 3});
  say(1, "a", 10);
  say(0, "c", 10);
  say(0, "b", 10);
  say(0, "late", 5);
  EXPECT_FALSE(is_firing(0, "b"));
  say(0, "x", 20);
  EXPECT_FALSE(is_firing(0, "late"));
  say(0, "y", 20);
  EXPECT_FALSE(is_firing(0, "c"));
  EXPECT_TRUE(is_firing(1, "a"));
}

TEST_F(firing_alerts_test, says_nothing_of_one_that_went_until_it_is_true_again) {
  use({.max_alerts = 1});
  say(0, "a", 10);
  say(0, "b", 20);
  EXPECT_EQ(say(0, "a", 30, false), change::none);
  EXPECT_EQ(say(0, "a", 40), change::firing);
}

TEST_F(firing_alerts_test, keeps_to_its_bytes_but_always_has_one) {
  use({.max_bytes = 2 * cost + 10});
  say(0, "12345", 10);
  say(0, "67890", 20);
  EXPECT_EQ(alerts.bytes(), 2 * cost + 10);
  say(0, "123456", 30);
  EXPECT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts.evictions(), 2u);
  say(1, std::string(1000, 'k'), 40);
  EXPECT_EQ(alerts.size(), 1u);
  EXPECT_EQ(alerts.bytes(), cost + 1000);
  say(1, std::string(1000, 'k'), 50, false);
  EXPECT_EQ(alerts.bytes(), 0u);
}

TEST_F(firing_alerts_test, names_what_was_said_and_what_went) {
  use({.max_alerts = 2});
  say(0, "a", 10);
  say(0, "b", 20);
  alerts.take_changed();
  say(0, "b", 30);
  EXPECT_TRUE(alerts.take_changed().empty());
  say(1, "c", 40);
  EXPECT_EQ(alerts.take_changed(), (std::set<firing_alerts::name>{{0, "a"}, {1, "c"}}));
}

TEST_F(firing_alerts_test, lets_the_same_ones_go_when_it_was_put_together_anew) {
  std::mt19937_64 random{3};
  for (int round = 0; round < 50; ++round) {
    const firing_alerts::limits limits{.max_alerts = 1 + random() % 8, .max_bytes = 4 * cost + random() % 100};
    use(limits);
    firing_alerts again{rules, limits};
    std::set<firing_alerts::name> kept;
    for (int i = 0; i < 400; ++i) {
      const auto rule = random() % rules;
      const auto key = std::string(random() % 3, 'k') + std::to_string(random() % 12);
      const bool is_true = random() % 3 != 0;
      const auto now = static_cast<std::int64_t>(random() % 50);
      const auto repeat_ms = static_cast<std::int64_t>(random() % 2 * 10);
      std::int64_t since = 0;
      std::int64_t since_again = 0;
      if (i == 200) {
        kept.merge(alerts.take_changed());
        for (auto name = kept.rbegin(); name != kept.rend(); ++name)
          if (const auto* state = alerts.find(name->rule, name->key))
            again.insert(name->rule, name->key, *state);
      }
      const auto before = alerts.evictions();
      const auto before_again = again.evictions();
      const auto said = alerts.update(rule, key, is_true, now, repeat_ms, since);
      if (i < 200)
        continue;
      ASSERT_EQ(again.update(rule, key, is_true, now, repeat_ms, since_again), said);
      ASSERT_EQ(since_again, since);
      ASSERT_EQ(again.evictions() - before_again, alerts.evictions() - before);
      ASSERT_EQ(again.bytes(), alerts.bytes());
      ASSERT_LE(alerts.size(), limits.max_alerts);
    }
  }
  EXPECT_GT(alerts.evictions(), 0u);
}

} // namespace
} // namespace weir::core
