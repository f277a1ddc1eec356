#include "models/row_split.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace weir::models {
namespace {

std::vector<std::uint64_t> numbered(std::size_t rows) {
  std::vector<std::uint64_t> hashes(rows);
  std::iota(hashes.begin(), hashes.end(), std::uint64_t{1000});
  return hashes;
}

std::vector<std::size_t> all_of(const row_split& split) {
  auto rows = split.train;
  rows.insert(rows.end(), split.test.begin(), split.test.end());
  rows.insert(rows.end(), split.held.begin(), split.held.end());
  std::sort(rows.begin(), rows.end());
  return rows;
}

std::vector<std::size_t> first(std::size_t count) {
  std::vector<std::size_t> rows(count);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

/// The hashes of a part, in its order.
std::vector<std::uint64_t> values_of(const std::vector<std::size_t>& rows, const std::vector<std::uint64_t>& hashes) {
  std::vector<std::uint64_t> values;
  for (const auto row : rows)
    values.push_back(hashes[row]);
  return values;
}

TEST(split_by_hash_test, each_row_is_in_one_part_and_the_parts_have_their_shares) {
  const auto split = split_by_hash(numbered(101), {}, {0.2, 0.1}, 7);
  EXPECT_EQ(split.test.size(), 21u);
  EXPECT_EQ(split.held.size(), 11u);
  EXPECT_EQ(all_of(split), first(101));
}

TEST(split_by_hash_test, the_order_in_which_rows_came_changes_nothing) {
  const auto hashes = numbered(200);
  auto turned = hashes;
  std::reverse(turned.begin(), turned.end());
  const auto one = split_by_hash(hashes, {}, {0.3, 0.2}, 1);
  const auto other = split_by_hash(turned, {}, {0.3, 0.2}, 1);
  EXPECT_EQ(values_of(one.train, hashes), values_of(other.train, turned));
  EXPECT_EQ(values_of(one.test, hashes), values_of(other.test, turned));
  EXPECT_EQ(values_of(one.held, hashes), values_of(other.held, turned));
}

TEST(split_by_hash_test, another_seed_deals_in_another_way) {
  const auto hashes = numbered(200);
  EXPECT_NE(split_by_hash(hashes, {}, {0.3, 0}, 1).test, split_by_hash(hashes, {}, {0.3, 0}, 2).test);
}

TEST(split_by_hash_test, rows_keep_their_part_as_the_data_grows) {
  const auto before = split_by_hash(numbered(1000), {}, {0.2, 0}, 1);
  const auto after = split_by_hash(numbered(2000), {}, {0.2, 0}, 1);
  const std::set<std::size_t> learned(before.train.begin(), before.train.end());
  const auto moved =
      std::count_if(after.test.begin(), after.test.end(), [&](auto row) { return learned.contains(row); });
  EXPECT_LT(moved, 20); // of 200 that have come to be tested; dealt anew, 160 would be
}

TEST(split_by_hash_test, each_class_has_its_share) {
  std::vector<double> classes(100);
  std::fill(classes.begin(), classes.begin() + 10, 1.0);
  const auto split = split_by_hash(numbered(100), classes, {0.2, 0.1}, 3);
  const auto rare = [&](const std::vector<std::size_t>& rows) {
    return std::count_if(rows.begin(), rows.end(), [&](auto row) { return classes[row] == 1; });
  };
  EXPECT_EQ(rare(split.test), 2);
  EXPECT_EQ(rare(split.held), 1);
  EXPECT_EQ(rare(split.train), 7);
  EXPECT_EQ(all_of(split), first(100));
}

TEST(split_by_time_test, the_oldest_learn_and_the_newest_are_held) {
  const std::vector<double> times{50, 10, 40, 20, 30, 70, 60, 90, 80, 100};
  const auto split = split_by_time(times, numbered(10), {0.3, 0.2});
  EXPECT_EQ(split.train, (std::vector<std::size_t>{1, 3, 4, 2, 0}));
  EXPECT_EQ(split.test, (std::vector<std::size_t>{6, 5, 8}));
  EXPECT_EQ(split.held, (std::vector<std::size_t>{7, 9}));
}

TEST(fold_by_hash_test, each_row_tests_once_while_all_others_learn) {
  const auto folds = fold_by_hash(numbered(23), {}, 5, 1);
  ASSERT_EQ(folds.size(), 5u);
  std::vector<std::size_t> tested;
  for (const auto& fold : folds) {
    EXPECT_EQ(all_of(fold), first(23));
    EXPECT_TRUE(fold.test.size() == 4 || fold.test.size() == 5) << fold.test.size();
    tested.insert(tested.end(), fold.test.begin(), fold.test.end());
  }
  std::sort(tested.begin(), tested.end());
  EXPECT_EQ(tested, first(23));
}

TEST(fold_by_hash_test, each_class_has_its_share_of_each_fold) {
  std::vector<double> classes(50);
  std::fill(classes.begin(), classes.begin() + 10, 1.0);
  for (const auto& fold : fold_by_hash(numbered(50), classes, 5, 1))
    EXPECT_EQ(std::count_if(fold.test.begin(), fold.test.end(), [&](auto row) { return classes[row] == 1; }), 2);
}

// The parts are those of sklearn.model_selection.TimeSeriesSplit(n_splits=3).split(range(10)).
TEST(fold_by_time_test, nothing_learns_from_what_is_newer) {
  std::vector<double> times(10);
  std::iota(times.rbegin(), times.rend(), 0.0); // the last row is the oldest
  const auto folds = fold_by_time(times, numbered(10), 3);
  ASSERT_EQ(folds.size(), 3u);
  EXPECT_EQ(folds[0].train, (std::vector<std::size_t>{9, 8, 7, 6}));
  EXPECT_EQ(folds[0].test, (std::vector<std::size_t>{5, 4}));
  EXPECT_EQ(folds[1].train, (std::vector<std::size_t>{9, 8, 7, 6, 5, 4}));
  EXPECT_EQ(folds[1].test, (std::vector<std::size_t>{3, 2}));
  EXPECT_EQ(folds[2].test, (std::vector<std::size_t>{1, 0}));
}

} // namespace
} // namespace weir::models
