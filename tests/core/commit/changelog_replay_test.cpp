#include "core/commit/changelog_replay.hpp"

#include <gtest/gtest.h>

namespace weir::core {
namespace {

using contents = std::map<std::string, std::string>;

class changelog_replay_test : public ::testing::Test {
protected:
  void change(const std::string& key, const std::string& value) { ASSERT_TRUE(replay.apply(key, value)); }
  void remove(const std::string& key) { ASSERT_TRUE(replay.apply(key, std::nullopt)); }
  void mark(std::int64_t next) {
    ASSERT_TRUE(replay.apply(marker::key, marker{partition_id{3}, epoch{1}, offset{next}, "n1"}.encode()));
  }

  static contents read(const record_block& block) {
    contents out;
    for (std::size_t i = 0; i < block.size(); ++i)
      out[std::string{block.key(i)}] =
          block.entries[i].value_size == record_block::none ? "(none)" : std::string{block.value(i)};
    return out;
  }

  changelog_replay replay;
};

TEST_F(changelog_replay_test, the_newest_value_of_each_key_up_to_the_last_marker_counts) {
  change("a", "1");
  change("b", "1");
  mark(10);
  change("a", "2");
  remove("b");
  change("c", "2");
  mark(20);
  EXPECT_EQ(read(replay.changes()), (contents{{"a", "2"}, {"c", "2"}}));
  EXPECT_EQ(value_of(replay.last()->next), 20);
  EXPECT_EQ(replay.last()->node, "n1");
  EXPECT_TRUE(replay.repair().empty());
}

TEST_F(changelog_replay_test, a_delta_without_a_marker_does_not_count_and_is_repaired) {
  change("a", "1");
  change("b", "1");
  mark(10);
  change("a", "torn");
  remove("b");
  change("c", "torn");
  EXPECT_EQ(read(replay.changes()), (contents{{"a", "1"}, {"b", "1"}}));
  EXPECT_EQ(value_of(replay.last()->next), 10);
  EXPECT_EQ(read(replay.repair()), (contents{{"a", "1"}, {"b", "1"}, {"c", "(none)"}}));
}

TEST_F(changelog_replay_test, a_torn_delta_is_harmless_once_the_repair_is_written_behind_it) {
  change("a", "1");
  mark(10);
  change("a", "torn");
  change("c", "torn");
  const auto repair = replay.repair();
  for (std::size_t i = 0; i < repair.size(); ++i)
    if (repair.entries[i].value_size == record_block::none)
      remove(std::string{repair.key(i)});
    else
      change(std::string{repair.key(i)}, std::string{repair.value(i)});
  change("d", "2");
  mark(15);
  EXPECT_EQ(read(replay.changes()), (contents{{"a", "1"}, {"d", "2"}}));
  EXPECT_TRUE(replay.repair().empty());
}

TEST_F(changelog_replay_test, a_first_delta_that_is_torn_leaves_no_state) {
  change("a", "torn");
  EXPECT_FALSE(replay.last());
  EXPECT_TRUE(replay.changes().empty());
  EXPECT_EQ(read(replay.repair()), (contents{{"a", "(none)"}}));
}

TEST_F(changelog_replay_test, the_record_that_opens_a_transaction_is_no_state) {
  change(std::string{marker::opening_key}, "n1");
  mark(10);
  EXPECT_TRUE(replay.changes().empty());
}

TEST_F(changelog_replay_test, a_marker_of_another_version_is_refused) {
  EXPECT_FALSE(replay.apply(marker::key, "?"));
  EXPECT_FALSE(replay.apply(marker::key, std::nullopt));
}

} // namespace
} // namespace weir::core
