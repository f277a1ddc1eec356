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
  EXPECT_TRUE(replay.finish());
}

TEST_F(changelog_replay_test, changes_behind_the_last_marker_are_somebody_elses) {
  change("a", "1");
  mark(10);
  change("b", "1");
  ASSERT_FALSE(replay.finish());
  EXPECT_EQ(replay.finish().error().what, "changes stand behind the last marker of the state");
}

TEST_F(changelog_replay_test, the_record_that_opens_a_transaction_is_no_state) {
  change(std::string{marker::opening_key}, "n1");
  mark(10);
  EXPECT_TRUE(replay.changes().empty());
}

TEST_F(changelog_replay_test, the_list_of_a_nodes_parts_is_no_state_and_may_stand_behind_the_marker) {
  mark(10);
  change(part_list::key_of("n1"), part_list{{"out/a", "out/b"}}.encode());
  change(part_list::key_of("n2"), part_list{{"out/c"}}.encode());
  EXPECT_TRUE(replay.finish());
  EXPECT_TRUE(replay.changes().empty());
  EXPECT_EQ(replay.parts(), (std::set<std::string>{"out/a", "out/b", "out/c"}));
}

TEST_F(changelog_replay_test, a_list_of_parts_of_another_version_is_refused) {
  EXPECT_FALSE(replay.apply(part_list::key_of("n1"), "?"));
  EXPECT_FALSE(replay.apply(part_list::key_of("n1"), ""));
  EXPECT_FALSE(replay.apply(part_list::key_of("n1"), std::string_view{"\1cut off", 8}));
}

TEST_F(changelog_replay_test, a_marker_of_another_version_is_refused) {
  EXPECT_FALSE(replay.apply(marker::key, "?"));
  EXPECT_FALSE(replay.apply(marker::key, std::nullopt));
}

} // namespace
} // namespace weir::core
