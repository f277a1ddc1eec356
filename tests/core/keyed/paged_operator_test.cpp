#include "core/keyed/paged_operator.hpp"

#include "core/commit/changelog_replay.hpp"
#include "tests/core/keyed/keyed_fixture.hpp"
#include "tests/core/keyed/toy_operators.hpp"

#include <random>

namespace weir::core {
namespace {

class paged_operator_test : public keyed_fixture {
protected:
  using operator_list = std::vector<std::shared_ptr<ordered_operator>>;

  column_id as = columns.add({"distinct", column_type::int64});
  test::distinct_values::options how{.of = value, .by = key, .as = as};

  std::shared_ptr<test::distinct_values> make() const { return std::make_shared<test::distinct_values>(how); }

  static std::deque<record> random_records(std::mt19937& random, std::size_t count) {
    std::deque<record> records;
    for (std::size_t i = 0; i < count; ++i)
      records.push_back({"customer " + std::to_string(random() % 12), static_cast<double>(random() % 900), 0});
    return records;
  }

  std::vector<std::int64_t> run_on(ordered_operator& op, const std::deque<record>& records) const {
    auto b = make_batch(records);
    op.process(b);
    EXPECT_EQ(op.failure(), nullptr);
    return b.at(as).i64;
  }
};

TEST_F(paged_operator_test, goes_on_after_a_rebuild_as_if_it_had_never_stopped) {
  how.max_keys = 9;
  how.max_bytes = 12'000; // so that keys go for either reason
  for (unsigned seed = 0; seed < 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random{seed};
    const auto steady = make();
    auto restarted = make();
    changelog_replay log;
    std::int64_t next = 0;
    for (int round = 0; round < 40; ++round) {
      const auto records = random_records(random, random() % 150);
      const auto expected = run_on(*steady, records);
      // The same records, cut into batches elsewhere.
      const auto cut = static_cast<std::ptrdiff_t>(records.empty() ? 0 : random() % records.size());
      auto got = run_on(*restarted, {records.begin(), records.begin() + cut});
      const auto rest = run_on(*restarted, {records.begin() + cut, records.end()});
      got.insert(got.end(), rest.begin(), rest.end());
      ASSERT_EQ(got, expected);
      record_block changes;
      restarted->collect_changes(changes);
      for (std::size_t i = 0; i < changes.size(); ++i)
        ASSERT_TRUE(log.apply(changes.key(i), changes.entries[i].value_size == record_block::none
                                                  ? std::nullopt
                                                  : std::optional{changes.value(i)}));
      next += 10;
      ASSERT_TRUE(log.apply(marker::key, marker{partition_id{0}, epoch{1}, offset{next}, "n"}.encode()));
      if (random() % 3 != 0)
        continue;
      restarted = make();
      const auto taken = restore_operators(operator_list{restarted}, log.changes());
      ASSERT_TRUE(taken) << taken.error().text();
    }
    EXPECT_EQ(steady->counts().keys, restarted->counts().keys);
    EXPECT_GT(steady->counts().evictions, 50u);
  }
}

TEST_F(paged_operator_test, steps_of_one_tag_tell_their_records_apart) {
  const auto first = make();
  how.first_table = 2;
  how.name = "other";
  const auto second = make();
  run_on(*first, {{"a", 1.0, 0}, {"a", 2.0, 0}});
  run_on(*second, {{"a", 3.0, 0}});
  record_block changes;
  first->collect_changes(changes);
  second->collect_changes(changes);
  const auto second_again = make();
  how.first_table = 0;
  how.name = "distinct";
  const auto first_again = make();
  ASSERT_TRUE(restore_operators(operator_list{second_again, first_again}, changes));
  EXPECT_EQ(run_on(*first_again, {{"a", 4.0, 0}}), (std::vector<std::int64_t>{3'000'001}));
  EXPECT_EQ(run_on(*second_again, {{"a", 4.0, 0}}), (std::vector<std::int64_t>{2'000'001}));
  const auto refused = restore_operators(operator_list{first_again}, changes);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text().find("a step that the pipeline does not have"), std::string::npos);
}

TEST_F(paged_operator_test, an_empty_key_is_an_error_and_the_state_of_no_step_is_left_alone) {
  record_block changes;
  changes.append("\x63 something", "else");
  EXPECT_TRUE(restore_operators(operator_list{make()}, changes));
  changes.append("", "x");
  EXPECT_FALSE(restore_operators(operator_list{make()}, changes));
}

TEST_F(paged_operator_test, stops_with_a_reason_when_the_lanes_own_state_has_no_room) {
  how.max_lane_bytes = 4'400;
  const auto op = make();
  auto b = make_batch({{"a", 1.0, 0}});
  op->process(b);
  ASSERT_NE(op->failure(), nullptr);
  const auto why = op->failure()->text();
  EXPECT_NE(why.find("'distinct' needs 4800 bytes"), std::string::npos) << why;
  EXPECT_NE(why.find("4400 are what state.memory_limit leaves"), std::string::npos) << why;
}

TEST_F(paged_operator_test, a_record_with_too_long_a_key_is_refused_whole) {
  const auto op = make();
  auto b = make_batch({{std::string(max_key_bytes, 'k'), 1.0, 0}, {std::string(max_key_bytes + 1, 'k'), 1.0, 0}});
  op->process(b);
  EXPECT_EQ(b.rows, std::vector<row_index>{0});
  ASSERT_EQ(b.rejected.size(), 1u);
  EXPECT_EQ(b.rejected[0].row, 1u);
  EXPECT_EQ(b.rejected[0].stage, stage::detect);
  EXPECT_EQ(b.rejected[0].reason, "the key in 'key' has 4097 bytes; 4096 are the most");
  EXPECT_EQ(op->counts().keys, 2u); // the other record's, and the lane
}

} // namespace
} // namespace weir::core
