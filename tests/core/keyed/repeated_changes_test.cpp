#include "core/keyed/repeated_changes.hpp"

#include "core/commit/changelog_replay.hpp"
#include "core/commit/marker.hpp"

#include <gtest/gtest.h>

#include <random>

namespace weir::core {
namespace {

using change = change_positions::change;

change at(std::uint64_t commit, std::uint64_t record, std::uint64_t content = 0, std::int64_t time_ms = 0,
          std::uint32_t source = 0) {
  return {{commit, record, 0}, content, time_ms, source};
}

class repeated_changes_test : public ::testing::Test {
protected:
  static constexpr std::uint8_t tag = 8;

  static std::shared_ptr<ordered_operator> make() { return make_repeated_changes(tag, unbounded_state); }

  /// The indexes of those that are kept.
  std::vector<row_index> kept_of(const std::vector<change>& changes) {
    batch b;
    auto positions = std::make_shared<change_positions>();
    positions->changes = changes;
    positions->sources = {"one", "two", "three"};
    b.positions = positions;
    for (row_index row = 0; row < changes.size(); ++row)
      b.rows.push_back(row);
    step->process(b);
    EXPECT_EQ(step->failure(), nullptr);
    EXPECT_EQ(b.rows.size() + b.filtered, changes.size());
    return b.rows;
  }

  void restart() {
    record_block changes;
    step->collect_changes(changes);
    for (std::size_t i = 0; i < changes.size(); ++i)
      ASSERT_TRUE(log.apply(changes.key(i), changes.entries[i].value_size == record_block::none
                                                ? std::nullopt
                                                : std::optional{changes.value(i)}));
    ASSERT_TRUE(log.apply(marker::key, marker{partition_id{0}, epoch{1}, offset{next++}, "n"}.encode()));
    step = make();
    const auto taken = restore_operators(std::vector{step}, log.changes());
    ASSERT_TRUE(taken) << taken.error().text();
  }

  std::shared_ptr<ordered_operator> step = make();
  changelog_replay log;
  std::int64_t next = 1;
};

using rows = std::vector<row_index>;

TEST_F(repeated_changes_test, what_is_sent_again_is_dropped_and_what_follows_is_not) {
  EXPECT_EQ(kept_of({at(1, 2), at(1, 3), at(3, 4)}), (rows{0, 1, 2}));
  EXPECT_EQ(kept_of({at(1, 3), at(3, 4), at(3, 5)}), rows{2});
  EXPECT_EQ(step->counts().repeats, 2u);
}

TEST_F(repeated_changes_test, transactions_that_ran_at_once_are_in_the_order_of_their_commits) {
  // The second one began first: its record stands in front of the other's.
  EXPECT_EQ(kept_of({at(100, 120), at(130, 110)}), (rows{0, 1}));
}

TEST_F(repeated_changes_test, changes_of_one_position_are_told_apart_by_what_they_say) {
  EXPECT_EQ(kept_of({at(1, 2, 10), at(1, 2, 11)}), (rows{0, 1}));
  EXPECT_EQ(kept_of({at(1, 2, 10), at(1, 2, 11), at(1, 2, 12), at(1, 3, 10)}), (rows{2, 3}));
}

TEST_F(repeated_changes_test, a_log_that_is_begun_anew_is_not_a_repeat) {
  EXPECT_EQ(kept_of({at(9, 1, 0, 100), at(9, 2, 0, 200)}), (rows{0, 1}));
  EXPECT_EQ(kept_of({at(1, 1, 0, 201), at(1, 2, 0, 201), at(1, 2, 0, 201)}), (rows{0, 1}));
}

TEST_F(repeated_changes_test, sources_have_positions_of_their_own_and_some_have_none) {
  EXPECT_EQ(kept_of({at(5, 1), at(1, 1, 0, 0, 1), at(5, 1), at(1, 1, 0, 0, 1),
                     at(0, 0, 0, 0, change_positions::unknown), at(0, 0, 0, 0, change_positions::unknown), at(6, 1)}),
            (rows{0, 1, 4, 5, 6}));
}

TEST_F(repeated_changes_test, a_batch_without_positions_passes) {
  batch b;
  b.rows = {0, 1};
  step->process(b);
  EXPECT_EQ(b.rows, (rows{0, 1}));
}

TEST_F(repeated_changes_test, more_changes_of_one_position_than_are_remembered_are_kept) {
  std::vector<change> changes;
  for (std::uint64_t i = 0; i < 1500; ++i)
    changes.push_back(at(1, 1, i));
  EXPECT_EQ(kept_of(changes).size(), 1500u);
  EXPECT_EQ(kept_of(changes).size(), 1500u - 1024);
  EXPECT_EQ(kept_of({at(1, 2, 1), at(1, 2, 1)}), rows{0});
}

TEST_F(repeated_changes_test, restarts_change_nothing) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random{seed};
    step = make();
    log = {};
    std::vector<change> all;
    for (std::uint64_t i = 0; i < 400; ++i)
      all.push_back(
          at(1 + i / 5, 1 + i / 3, i, static_cast<std::int64_t>(i / 7), static_cast<std::uint32_t>(random() % 3)));
    std::vector<std::uint64_t> kept;
    // A connector that begins again somewhere in front of where it was, and a lane that restarts where it likes.
    for (std::size_t from = 0, sent = 0; sent < all.size();) {
      const auto count = std::min(all.size() - from, std::size_t{1 + random() % 60});
      const std::vector<change> part{all.begin() + static_cast<std::ptrdiff_t>(from),
                                     all.begin() + static_cast<std::ptrdiff_t>(from + count)};
      for (const auto row : kept_of(part))
        kept.push_back(part[row].content);
      sent = std::max(sent, from + count);
      from = random() % 3 == 0 ? sent - std::min<std::size_t>(sent, random() % 50) : from + count;
      if (random() % 2 == 0)
        restart();
    }
    std::vector<std::uint64_t> expected(all.size());
    for (std::uint64_t i = 0; i < all.size(); ++i)
      expected[i] = i;
    EXPECT_EQ(kept, expected);
  }
}

TEST_F(repeated_changes_test, a_state_that_it_cannot_have_written_is_an_error) {
  kept_of({at(1, 1, 1)});
  record_block changes;
  step->collect_changes(changes);
  ASSERT_GT(changes.size(), 1u);
  record_block damaged;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    std::string value{changes.value(i)};
    value.back() = static_cast<char>(value.back() + 1);
    damaged.append(changes.key(i), value);
  }
  EXPECT_FALSE(restore_operators(std::vector{make()}, damaged));
  EXPECT_TRUE(restore_operators(std::vector{make()}, changes));
}

} // namespace
} // namespace weir::core
