#include "core/window/window_operator.hpp"

#include "core/commit/changelog_replay.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

constexpr column_id key_column = 0;
constexpr column_id value_column = 1;
constexpr column_id time_column = 2;
constexpr column_id made_key = 3;
constexpr column_id made_start = 4;
constexpr column_id made_end = 5;
constexpr column_id first_made = 6;

struct record {
  std::string key;
  double value;
  std::int64_t time;
};

windowed_column column_of(const std::string& function, std::optional<column_id> of, column_id as, double number = 0) {
  for (const auto& one : window_functions())
    if (one.name == function)
      return {
          *one.make(of ? std::optional{*of == key_column ? column_type::string : column_type::float64} : std::nullopt,
                    number),
          of, function, as, function};
  throw std::runtime_error{function};
}

class window_operator_test : public ::testing::Test {
protected:
  window_operator_test() {
    how.name = "windows";
    how.by = {{key_column, "key", column_type::string}};
    how.by_made = {made_key};
    how.time = time_column;
    how.max_windows = 1000;
    how.start_as = made_start;
    how.start_name = "start";
    how.end_as = made_end;
    how.end_name = "end";
    how.columns = {column_of("count", std::nullopt, first_made), column_of("sum", value_column, first_made + 1)};
  }

  void tumbling(std::int64_t size) { how.size_ms = how.every_ms = size; }

  std::shared_ptr<ordered_operator> make(std::uint64_t bytes = unbounded_state) const {
    return make_window_operator(std::make_shared<const window_options>(how), 14, bytes);
  }

  batch batch_of(const std::vector<record>& records, std::int64_t first_offset = 0) const {
    auto raw = std::make_shared<raw_block>();
    auto keys = std::make_shared<column>();
    auto values = std::make_shared<column>();
    auto times = std::make_shared<column>();
    auto arena = std::make_shared<std::string>();
    keys->type = column_type::string;
    times->type = column_type::timestamp;
    for (const auto& one : records)
      *arena += one.key;
    std::size_t at = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
      raw->append(first_offset + static_cast<std::int64_t>(i), records[i].time, nullptr, 0, "x", 1);
      keys->text.push_back(std::string_view{*arena}.substr(at, records[i].key.size()));
      at += records[i].key.size();
      values->f64.push_back(records[i].value);
      times->i64.push_back(records[i].time);
    }
    keys->arena = arena;
    raw->seal();
    batch b;
    b.raw = std::move(raw);
    for (row_index i = 0; i < records.size(); ++i)
      b.rows.push_back(i);
    b.columns = {keys, values, times};
    b.now_ms = 1'000'000'000;
    return b;
  }

  static batch tick_of(std::int64_t now, bool is_last = false) {
    batch b = window_operator_test::nothing();
    b.tick_ms = now;
    b.is_last = is_last;
    return b;
  }

  static batch nothing() {
    auto raw = std::make_shared<raw_block>();
    raw->seal();
    batch b;
    b.raw = std::move(raw);
    return b;
  }

  /// What was made, a line a record: key [start,end) and the numbers.
  std::vector<std::string> lines(const batch& b) const {
    std::vector<std::string> all;
    for (const auto row : b.rows) {
      auto line = std::string{b.at(made_key).text[row]} + " [" + std::to_string(b.at(made_start).i64[row]) + ","
                  + std::to_string(b.at(made_end).i64[row]) + ")";
      for (const auto& made : how.columns) {
        const auto& c = b.at(made.as);
        line += c.is_null(row)                   ? " null"
                : c.type == column_type::string  ? ' ' + std::string{c.text[row]}
                : c.type == column_type::float64 ? ' ' + std::to_string(c.f64[row]).substr(0, 6)
                                                 : ' ' + std::to_string(c.i64[row]);
      }
      all.push_back(line);
    }
    return all;
  }

  static std::vector<std::string> reasons(const batch& b) {
    std::vector<std::string> all;
    b.for_each_rejection([&](const raw_block&, const rejection& one) { all.push_back(one.reason); });
    return all;
  }

  static void expect_balanced(const batch& b) {
    for (const auto& block : b.taken)
      EXPECT_EQ(block->raw->size(), block->taken + block->filtered + block->rejected.size());
    EXPECT_EQ(b.raw->size(), b.rows.size() + b.filtered + b.rejected.size());
  }

  window_options how;
};

using lines_type = std::vector<std::string>;

TEST_F(window_operator_test, a_tumbling_window_becomes_a_record_when_time_has_passed_its_end) {
  tumbling(10);
  const auto lane = make();
  auto b = batch_of({{"a", 1, 1}, {"b", 2, 3}, {"a", 4, 9}, {"a", 5, 10}, {"b", 6, 25}});
  lane->process(b);
  EXPECT_EQ(lines(b), (lines_type{"a [0,10) 2 5.0000", "b [0,10) 1 2.0000", "a [10,20) 1 5.0000"}));
  EXPECT_EQ(b.raw->key(0), "a");
  EXPECT_EQ(b.raw->value(0),
            R"({"key":"a","start":"1970-01-01T00:00:00.000Z","end":"1970-01-01T00:00:00.010Z","count":2,"sum":5})");
  EXPECT_EQ(b.raw->timestamps[0], 10);
  EXPECT_EQ(b.records_read(), 5u);
  EXPECT_EQ(b.records_made(), 3u);
  expect_balanced(b);
}

TEST_F(window_operator_test, a_late_record_goes_to_the_dead_letters_and_a_late_one_within_the_lateness_does_not) {
  tumbling(10);
  how.allowed_lateness_ms = 5;
  const auto lane = make();
  auto b = batch_of({{"a", 1, 1}, {"a", 2, 12}, {"a", 4, 3}, {"a", 8, 16}, {"a", 16, 4}});
  lane->process(b);
  EXPECT_EQ(lines(b), (lines_type{"a [0,10) 2 5.0000"}));
  EXPECT_EQ(reasons(b), (lines_type{"late: the windows of its time are closed"}));
  EXPECT_EQ(lane->counts().late, 1u);
  expect_balanced(b);
}

TEST_F(window_operator_test, a_record_without_a_time_or_far_ahead_enters_no_window) {
  tumbling(10);
  const auto lane = make();
  auto b = batch_of({{"a", 1, 1}, {"a", 1, 5'000'000'000}, {"a", 2, 2}});
  auto times = std::make_shared<column>(b.at(time_column));
  times->null = {0, 0, 1};
  b.columns[time_column] = times;
  lane->process(b);
  EXPECT_TRUE(lines(b).empty());
  EXPECT_EQ(reasons(b), (lines_type{"ahead of time: it is more than a day in front of all others and of the clock",
                                    "no window takes it: it has no time"}));
  expect_balanced(b);
}

TEST_F(window_operator_test, hopping_windows_overlap) {
  how.size_ms = 20;
  how.every_ms = 10;
  const auto lane = make();
  auto b = batch_of({{"a", 1, 5}, {"a", 2, 15}, {"a", 4, 25}, {"a", 8, 100}});
  lane->process(b);
  EXPECT_EQ(lines(b),
            (lines_type{"a [-10,10) 1 1.0000", "a [0,20) 2 3.0000", "a [10,30) 2 6.0000", "a [20,40) 1 4.0000"}));
  expect_balanced(b);
}

TEST_F(window_operator_test, a_session_lasts_as_long_as_records_come_and_one_in_between_joins_two) {
  how.gap_ms = 10;
  how.allowed_lateness_ms = 30;
  const auto lane = make();
  auto b = batch_of({{"a", 1, 0}, {"a", 2, 5}, {"b", 9, 6}, {"a", 4, 18}, {"a", 8, 12}, {"a", 16, 100}});
  lane->process(b);
  EXPECT_EQ(lines(b), (lines_type{"b [6,16) 1 9.0000", "a [0,28) 4 15.000"}));
  expect_balanced(b);
}

TEST_F(window_operator_test, a_tick_closes_what_time_has_passed_and_the_end_of_the_source_the_rest) {
  tumbling(10);
  const auto lane = make();
  auto b = batch_of({{"a", 1, 1}, {"a", 2, 12}}, 7);
  lane->process(b);
  EXPECT_EQ(lines(b), (lines_type{"a [0,10) 1 1.0000"}));
  auto early = tick_of(13); // one ms behind the last record's own time
  lane->process(early);
  EXPECT_TRUE(early.tick_ms);
  EXPECT_TRUE(early.taken.empty());
  auto later = tick_of(20);
  lane->process(later);
  EXPECT_EQ(lines(later), (lines_type{"a [10,20) 1 2.0000"}));
  EXPECT_FALSE(later.tick_ms); // what stands behind sees records
  EXPECT_EQ(later.raw->offsets[0], 8);
  auto more = batch_of({{"a", 4, 21}}, 9);
  lane->process(more);
  auto end = tick_of(0, true);
  lane->process(end);
  EXPECT_EQ(lines(end), (lines_type{"a [20,30) 1 4.0000"}));
}

TEST_F(window_operator_test, closes_the_oldest_windows_at_once_where_there_is_no_room) {
  tumbling(10);
  how.max_windows = 2;
  const auto lane = make();
  auto b = batch_of({{"a", 1, 1}, {"b", 2, 2}, {"c", 4, 3}, {"a", 8, 4}});
  lane->process(b);
  EXPECT_EQ(lines(b), (lines_type{"a [0,10) 1 1.0000", "b [0,10) 1 2.0000"}));
  EXPECT_EQ(lane->counts().evictions, 2u);
  EXPECT_EQ(lane->counts().keys, 2u);
  expect_balanced(b);
}

TEST_F(window_operator_test, knows_all_functions) {
  tumbling(100);
  how.columns = {column_of("count", value_column, 6),
                 column_of("mean", value_column, 7),
                 column_of("min", value_column, 8),
                 column_of("max", value_column, 9),
                 column_of("stddev", value_column, 10),
                 column_of("first", value_column, 11),
                 column_of("last", value_column, 12),
                 column_of("distinct", value_column, 13),
                 column_of("quantile", value_column, 14, 0.9),
                 column_of("median", value_column, 15),
                 column_of("last", key_column, 16)};
  const auto lane = make();
  auto b = batch_of({{"a", 4, 5}, {"a", 2, 1}, {"a", 9, 7}, {"a", 2, 3}, {"a", 3, 2}, {"x", 0, 300}});
  lane->process(b);
  EXPECT_EQ(lines(b), (lines_type{"a [0,100) 5 4.0000 2.0000 9.0000 2.6076 2.0000 9.0000 4 9.0000 3.0000 a"}));
}

TEST_F(window_operator_test, groups_by_nothing_or_by_a_null) {
  tumbling(10);
  const auto lane = make();
  auto b = batch_of({{"", 1, 1}, {"a", 1, 1}, {"a", 1, 11}});
  auto keys = std::make_shared<column>(b.at(key_column));
  keys->null = {1, 0, 0};
  b.columns[key_column] = keys;
  lane->process(b);
  ASSERT_EQ(b.rows.size(), 2u);
  EXPECT_TRUE(b.at(made_key).is_null(0));
  EXPECT_FALSE(b.raw->has_key(0));
  how.by.clear();
  how.by_made.clear();
  const auto whole = make();
  auto c = batch_of({{"a", 1, 1}, {"b", 1, 2}, {"a", 1, 11}});
  whole->process(c);
  ASSERT_EQ(c.rows.size(), 1u);
  EXPECT_EQ(c.at(first_made).i64[0], 2);
}

/// All kinds of windows, over records that come late, early and in pairs.
class window_property_test : public window_operator_test, public ::testing::WithParamInterface<int> {
protected:
  window_property_test() {
    how.allowed_lateness_ms = GetParam() % 2 == 0 ? 0 : 15;
    how.max_windows = GetParam() >= 6 ? 9 : 1000; // where there is no room
    switch (GetParam() / 2 % 3) {
    case 0: tumbling(20); break;
    case 1:
      how.size_ms = 40;
      how.every_ms = 10;
      break;
    default: how.gap_ms = 8;
    }
  }

  static std::vector<record> make_records(unsigned seed) {
    std::mt19937 random{seed};
    std::vector<record> all;
    std::int64_t now = 1000;
    for (int i = 0; i < 2000; ++i) {
      now += static_cast<std::int64_t>(random() % 4);
      all.push_back({std::string(1, static_cast<char>('a' + random() % 5)), static_cast<double>(random() % 100),
                     now - static_cast<std::int64_t>(random() % 20)});
    }
    return all;
  }

  struct outcome {
    lines_type made, refused;
    bool operator==(const outcome&) const = default;
  };

  /// @param restarts a lane is restored from what was committed behind each batch
  outcome run(const std::vector<record>& records, unsigned seed, std::size_t most, bool restarts) {
    std::mt19937 random{seed};
    outcome all;
    auto lane = make();
    changelog_replay log;
    const auto note = [&](const batch& b) {
      for (auto& line : lines(b))
        all.made.push_back(line);
      for (auto& line : reasons(b))
        all.refused.push_back(line);
      expect_balanced(b);
    };
    for (std::size_t begin = 0; begin < records.size();) {
      const auto end = std::min(records.size(), begin + 1 + random() % most);
      auto b = batch_of(
          {records.begin() + static_cast<std::ptrdiff_t>(begin), records.begin() + static_cast<std::ptrdiff_t>(end)},
          static_cast<std::int64_t>(begin));
      lane->process(b);
      note(b);
      begin = end;
      if (!restarts)
        continue;
      record_block changes;
      lane->collect_changes(changes);
      for (std::size_t i = 0; i < changes.size(); ++i)
        EXPECT_TRUE(log.apply(changes.key(i), changes.entries[i].value_size == record_block::none
                                                  ? std::nullopt
                                                  : std::optional{changes.value(i)}));
      lane = make();
      const auto restored = restore_operators(std::vector{lane}, log.changes());
      EXPECT_TRUE(restored) << restored.error().text();
    }
    auto last = tick_of(0, true);
    lane->process(last);
    note(last);
    return all;
  }
};

TEST_P(window_property_test, makes_the_same_whatever_the_batches_and_over_restarts) {
  const auto records = make_records(7);
  const auto whole = run(records, 1, records.size(), false);
  EXPECT_GT(whole.made.size(), 50u);
  EXPECT_EQ(run(records, 2, 1, false), whole);
  EXPECT_EQ(run(records, 3, 50, false), whole);
  EXPECT_EQ(run(records, 4, 50, true), whole);
}

TEST_P(window_property_test, counts_each_record_as_often_as_it_is_in_windows) {
  const auto records = make_records(8);
  const auto all = run(records, 1, 100, false);
  std::size_t counted = 0;
  for (const auto& line : all.made)
    counted += std::stoul(line.substr(line.find(')') + 2));
  const auto taken = records.size() - all.refused.size();
  const auto most_windows = how.is_session() ? 1 : static_cast<std::size_t>(how.size_ms / how.every_ms);
  EXPECT_LE(counted, most_windows * taken);
  EXPECT_GE(counted, taken);
}

INSTANTIATE_TEST_SUITE_P(kinds, window_property_test, ::testing::Range(0, 12));

TEST_F(window_operator_test, refuses_state_that_it_cannot_have_written) {
  tumbling(10);
  const auto lane = make();
  auto b = batch_of({{"a", 1, 1}});
  lane->process(b);
  record_block changes;
  lane->collect_changes(changes);
  ASSERT_GT(changes.size(), 0u);
  how.columns.pop_back();
  const auto other = make();
  std::string_view value = changes.value(0);
  const auto refused = other->restore(changes.key(0), &value);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().text().find("windows"), std::string::npos);
}

} // namespace
} // namespace weir::core
