#include "core/keyed/deduplicator.hpp"

#include "core/keyed/key_table.hpp"
#include "tests/core/keyed/keyed_fixture.hpp"

#include <cstdlib>
#include <map>
#include <random>

namespace weir::core {
namespace {

class deduplicator_test : public keyed_fixture {
protected:
  static constexpr std::uint8_t tag = 9;

  std::shared_ptr<ordered_operator> make() const { return make_deduplicator(how, tag, 0, bytes); }

  /// Their indexes.
  static std::vector<std::size_t> kept_of(ordered_operator& step, const std::deque<record>& records) {
    auto b = make_batch(records);
    step.process(b);
    EXPECT_EQ(b.rows.size() + b.filtered + b.rejected.size(), records.size());
    return {b.rows.begin(), b.rows.end()};
  }

  dedupe_options how{.by = {key}, .names = {"key"}};
  std::uint64_t bytes = unbounded_state;
};

using indexes = std::vector<std::size_t>;

TEST_F(deduplicator_test, lets_the_first_of_a_key_through) {
  const auto step = make();
  EXPECT_EQ(kept_of(*step, {{"a", 1.}, {"b", 1.}, {"a", 2.}, {"", 1.}, {"", 1.}}), (indexes{0, 1, 3}));
  EXPECT_EQ(kept_of(*step, {{"c", 1.}, {"b", 1.}, {"a", 2.}}), indexes{0});
  EXPECT_EQ(step->counts().duplicates, 4u);
  EXPECT_EQ(step->counts().keys, 4u);
}

TEST_F(deduplicator_test, a_key_opens_again_behind_its_time_however_often_it_came_within) {
  how.within_ms = 100;
  how.time = time;
  const auto step = make();
  EXPECT_EQ(kept_of(*step, {{"a", 1., 1000}, {"a", 1., 1060}, {"a", 1., 1099}, {"a", 1., 1100}, {"a", 1., 1199}}),
            (indexes{0, 3}));
  // Late ones are told by the same distance, and do not move the time back.
  EXPECT_EQ(kept_of(*step, {{"a", 1., 1001}, {"a", 1., 1000}, {"a", 1., 1150}}), indexes{1});
}

TEST_F(deduplicator_test, times_before_1970_are_times_too) {
  how.within_ms = 10;
  const auto step = make();
  EXPECT_EQ(kept_of(*step, {{"a", 1., -1}, {"a", 1., 0}, {"a", 1., 8}, {"a", 1., 9}}), (indexes{0, 3}));
  EXPECT_EQ(kept_of(*step, {{"b", 1., 0}, {"b", 1., 0}, {"b", 1., -10}, {"b", 1., -9}}), (indexes{0, 2}));
}

TEST_F(deduplicator_test, what_is_null_is_never_a_repeat) {
  how.by = {key, time};
  how.names = {"key", "time"};
  const auto step = make();
  const std::deque<record> records{{"a", 1., 1}, {"a", 1., 1}, {"a", 1., 2}};
  auto b = make_batch(records);
  auto times = std::make_shared<column>(*b.columns[time]);
  times->null = {1, 1, 0};
  b.columns[time] = times;
  step->process(b);
  EXPECT_EQ(b.rows.size(), 3u);
}

TEST_F(deduplicator_test, several_columns_are_one_key_and_do_not_run_into_each_other) {
  const auto other = columns.add({"other", column_type::string, true});
  how.by = {key, other};
  how.names = {"key", "other"};
  const auto step = make();
  auto b = make_batch({{"ab", 1.}, {"a", 1.}, {"ab", 1.}, {"ab", 1.}});
  auto others = std::make_shared<column>();
  others->type = column_type::string;
  others->text = {"c", "bc", "", "c"};
  b.columns.push_back(others);
  step->process(b);
  EXPECT_EQ(b.rows, (std::vector<row_index>{0, 1, 2}));
}

TEST_F(deduplicator_test, numbers_with_a_fraction_are_keys_too) {
  how.by = {value};
  how.names = {"value"};
  const auto step = make();
  EXPECT_EQ(
      kept_of(*step,
              {{"a", 0.1}, {"b", 0.2}, {"c", 0.1}, {"d", 0.0}, {"e", -0.0}, {"f", std::nullopt}, {"g", std::nullopt}}),
      (indexes{0, 1, 3, 5, 6}));
}

TEST_F(deduplicator_test, a_key_that_is_too_long_goes_to_the_dead_letters) {
  const std::string longest(max_key_bytes, 'x');
  auto b = make_batch({{longest, 1.}, {longest + 'x', 1.}, {"a", 1.}, {longest, 1.}});
  const auto one = make();
  one->process(b);
  EXPECT_EQ(b.rows, (std::vector<row_index>{0, 2}));
  ASSERT_EQ(b.rejected.size(), 1u);
  EXPECT_EQ(b.rejected[0].reason, "the key in 'key' has 4097 bytes; 4096 are the most");

  how.by = {key, time};
  how.names = {"key", "time"};
  const auto both = make();
  auto pair = make_batch({{longest, 1.}, {"a", 1.}});
  both->process(pair);
  EXPECT_EQ(pair.rows, std::vector<row_index>{1});
  ASSERT_EQ(pair.rejected.size(), 1u);
  EXPECT_EQ(pair.rejected[0].reason, "the key of 'dedupe key, time' has 4112 bytes; 4096 are the most");
}

TEST_F(deduplicator_test, forgets_the_least_recently_used_key_for_one_more_and_counts_it) {
  how.max_keys = 2;
  const auto step = make();
  EXPECT_EQ(kept_of(*step, {{"a", 1.}, {"b", 1.}, {"a", 1.}, {"c", 1.}, {"a", 1.}, {"b", 1.}}), (indexes{0, 1, 3, 5}));
  EXPECT_EQ(step->counts().evictions, 2u);
}

// What a plain map says, whatever the batches are, and however often the lane is rebuilt from its changelog.
TEST_F(deduplicator_test, says_what_a_map_of_all_keys_says_through_batches_and_restarts) {
  how.within_ms = 500;
  how.time = time;
  std::mt19937 random{7};
  std::map<std::string, std::int64_t> passed;
  record_block log;
  auto step = make();
  std::int64_t now = 0;
  for (int round = 0; round < 300; ++round) {
    std::deque<record> records;
    indexes expected;
    const auto size = random() % 60;
    for (std::size_t i = 0; i < size; ++i) {
      now += static_cast<std::int64_t>(random() % 20);
      const record r{"k" + std::string(random() % 20, 'k') + std::to_string(random() % 40), 1.,
                     now - static_cast<std::int64_t>(random() % 900)};
      const auto before = passed.find(r.key);
      if (before == passed.end() || std::abs(before->second - r.time) >= 500) {
        passed[r.key] = before == passed.end() ? r.time : std::max(before->second, r.time);
        expected.push_back(i);
      }
      records.push_back(r);
    }
    ASSERT_EQ(kept_of(*step, records), expected) << "round " << round;
    if (random() % 5 != 0)
      continue;
    step->collect_changes(log);
    step = make();
    for (std::size_t i = 0; i < log.size(); ++i) {
      const auto text = log.value(i);
      const auto taken = step->restore(log.key(i), log.entries[i].value_size == record_block::none ? nullptr : &text);
      ASSERT_TRUE(taken) << taken.error().text();
    }
  }
}

} // namespace
} // namespace weir::core
