#include "core/cluster/panes.hpp"

#include <cmath>
#include <deque>
#include <random>
#include <tuple>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

constexpr statistic mean{"mean", nullptr, [](const moments& m) { return m.mean; }};
constexpr statistic greatest{"max", nullptr, [](const moments& m) { return m.max; }};

class panes_test : public ::testing::Test {
protected:
  struct record {
    double value;
    std::int64_t time;
  };
  struct lane {
    explicit lane(const panes_test& of) : panes{of.aggregates, of.columns, tag} {}

    pane_collector panes;
    std::int64_t next = 0;
  };

  static constexpr std::uint8_t tag = 4;

  layout columns;
  column_id of = columns.add({"Amount", column_type::float64, true});
  std::vector<pane_aggregate> aggregates{
      {"mean_1s", &mean, of, {}, {.over_ms = 1000, .allowed_lateness_ms = 200, .panes = 10}},
      {"max_3s", &greatest, of, {}, {.over_ms = 3000, .allowed_lateness_ms = 0, .panes = 6}},
  };

  static void feed(lane& into, const std::deque<record>& records, std::int64_t now = event_time_limit) {
    auto raw = std::make_shared<raw_block>();
    auto values = std::make_shared<column>();
    batch b;
    for (const auto& r : records) {
      b.rows.push_back(static_cast<row_index>(raw->size()));
      raw->append(into.next++, r.time, nullptr, 0, "", 0);
      values->f64.push_back(r.value);
    }
    b.raw = std::move(raw);
    b.now_ms = now;
    b.columns = {values};
    into.panes.process(b);
  }

  static pane_update changed(lane& from, int partition, std::uint64_t at = 1) {
    return from.panes.take_changed(partition_id{partition}, epoch{at}, offset{from.next});
  }

  static void restore_all(lane& into, const record_block& log) {
    for (std::size_t i = 0; i < log.size(); ++i) {
      const auto value = log.value(i);
      const auto erased = log.entries[i].value_size == record_block::none;
      ASSERT_TRUE(into.panes.restore(log.key(i), erased ? nullptr : &value));
    }
  }
};

TEST_F(panes_test, merges_the_windows_of_all_partitions) {
  std::deque<lane> lanes;
  for (int i = 0; i < 3; ++i)
    lanes.emplace_back(*this);
  pane_merger merger{aggregates};
  EXPECT_FALSE(merger.statistic_of(0));
  std::mt19937 random{4};
  std::normal_distribution<double> normal{1e9, 28};
  std::vector<record> all;
  std::int64_t now = -2000;
  std::int64_t newest = INT64_MIN;
  for (std::uint64_t round = 1; round < 200; ++round) {
    for (int i = 0; i < 3; ++i) {
      std::deque<record> records;
      for (std::size_t n = random() % 20 + 1; n-- > 0;) {
        now += static_cast<std::int64_t>(random() % 10);
        records.push_back({normal(random), now - static_cast<std::int64_t>(random() % 300)});
        newest = std::max(newest, records.back().time);
      }
      feed(lanes[static_cast<std::size_t>(i)], records);
      all.insert(all.end(), records.begin(), records.end());
      auto update = decode_pane_update(encode(changed(lanes[static_cast<std::size_t>(i)], i, round)));
      ASSERT_TRUE(update);
      EXPECT_TRUE(merger.add(*update));
    }
    for (std::size_t a = 0; a < aggregates.size(); ++a) {
      const pane_grid grid{aggregates[a].window};
      moments expected;
      for (const auto& r : all)
        if (grid.pane_of(r.time) >= grid.first_pane(newest))
          expected.add(r.value);
      const auto seen = merger.at(a);
      ASSERT_TRUE(seen);
      EXPECT_EQ(seen->newest, newest);
      EXPECT_EQ(seen->window.count, expected.count);
      EXPECT_EQ(seen->window.max, expected.max);
      EXPECT_NEAR(seen->window.mean, expected.mean, 1e-5);
      EXPECT_NEAR(seen->window.stddev(), expected.stddev(), 1e-5);
    }
  }
}

TEST_F(panes_test, counts_an_update_once_however_often_and_late_it_comes) {
  lane l{*this};
  pane_merger merger{aggregates};
  feed(l, {{10, 1000}, {20, 1010}});
  const auto first = changed(l, 0, 1);
  feed(l, {{60, 1020}});
  const auto second = changed(l, 0, 2);
  EXPECT_TRUE(merger.add(first));
  EXPECT_TRUE(merger.add(second));
  EXPECT_FALSE(merger.add(first));
  merger.add(second);
  EXPECT_DOUBLE_EQ(*merger.statistic_of(0), 30);
  EXPECT_EQ(merger.at(0)->window.count, 3u);
}

TEST_F(panes_test, takes_a_partition_over_to_a_node_that_counts_epochs_anew) {
  lane before{*this};
  pane_merger merger{aggregates};
  feed(before, {{10, 1000}});
  record_block log;
  before.panes.collect_changes(log);
  merger.add(changed(before, 0, 700));
  lane after{*this};
  after.next = before.next;
  restore_all(after, log);
  feed(after, {{30, 1001}});
  EXPECT_TRUE(merger.add(changed(after, 0, 1)));
  EXPECT_DOUBLE_EQ(*merger.statistic_of(0), 20);
}

TEST_F(panes_test, tells_a_new_supervisor_everything) {
  lane l{*this};
  feed(l, {{10, 1000}, {20, 1500}});
  changed(l, 0);
  EXPECT_TRUE(changed(l, 0).entries.empty());
  pane_merger fresh{aggregates};
  fresh.add(l.panes.take_all(partition_id{0}, epoch{2}, offset{l.next}));
  EXPECT_DOUBLE_EQ(*fresh.statistic_of(0), 15);
}

TEST_F(panes_test, forgets_panes_that_have_left_the_window) {
  lane l{*this};
  pane_merger merger{aggregates};
  record_block log;
  for (int i = 0; i < 1000; ++i) {
    feed(l, {{1, i * 100}});
    l.panes.collect_changes(log);
    merger.add(changed(l, 0));
  }
  EXPECT_LE(l.panes.take_all(partition_id{0}, epoch{1}, offset{l.next}).entries.size(), 11u + 7u);
  EXPECT_EQ(merger.at(0)->window.count, 11u); // the eleventh stands in the pane that the window begins in
  lane restored{*this};
  restore_all(restored, log);
  EXPECT_EQ(encode(restored.panes.take_all(partition_id{0}, epoch{1}, offset{l.next})),
            encode(l.panes.take_all(partition_id{0}, epoch{1}, offset{l.next})));
}

TEST_F(panes_test, lets_no_record_in_that_is_far_in_the_future) {
  constexpr std::int64_t day = 86'400'000;
  lane l{*this};
  feed(l, {{1, 1000}, {100, day + 1001}, {2, 1100}, {3, day + 1000}}, 500);
  EXPECT_EQ(l.panes.counts().ahead, 2u) << "once for each aggregate";
  EXPECT_EQ(l.panes.late(), 0u);
}

TEST_F(panes_test, counts_the_bytes_of_its_panes_which_are_never_more_than_it_said) {
  lane l{*this};
  EXPECT_EQ(l.panes.counts().bytes, 0u);
  std::uint64_t most = 0;
  for (int i = 0; i < 1000; ++i) {
    feed(l, {{1, i * 37}, {1, i * 37 - 990}});
    most = std::max(most, l.panes.counts().bytes);
    const auto panes = l.panes.take_all(partition_id{0}, epoch{1}, offset{l.next}).entries.size();
    ASSERT_EQ(l.panes.counts().bytes, panes * pane_collector::bytes_per_pane);
  }
  const auto needs = pane_collector::needs(aggregates[0]).most + pane_collector::needs(aggregates[1]).most;
  EXPECT_LE(most, needs);
  EXPECT_EQ(needs, (11u + 7u) * pane_collector::bytes_per_pane);
  EXPECT_GT(most, needs - 4 * pane_collector::bytes_per_pane);
  EXPECT_EQ(pane_collector::needs(aggregates[0]).least, 11u * pane_collector::bytes_per_pane);
  EXPECT_EQ(pane_collector::needs(aggregates[0]).name, "mean_1s");
}

TEST_F(panes_test, counts_what_comes_too_late) {
  lane l{*this};
  feed(l, {{1, 10'000}, {1, 8'850}, {1, 8'700}});
  // The first window: one record within the lateness, one beyond it. The second: both are inside.
  EXPECT_EQ(l.panes.late(), 1u);
  record_block log;
  l.panes.collect_changes(log);
  lane restored{*this};
  restore_all(restored, log);
  EXPECT_EQ(restored.panes.late(), 1u);
}

TEST_F(panes_test, writes_only_the_panes_that_changed) {
  lane l{*this};
  for (int i = 0; i < 10; ++i)
    feed(l, {{1, i * 100}});
  record_block log;
  l.panes.collect_changes(log);
  log = {};
  l.panes.collect_changes(log);
  EXPECT_TRUE(log.empty());
  feed(l, {{1, 950}});
  l.panes.collect_changes(log);
  EXPECT_EQ(log.size(), 4u); // of each aggregate one pane and the newest time
}

TEST_F(panes_test, refuses_state_of_another_aggregate_by_name) {
  lane l{*this};
  feed(l, {{1, 1000}});
  record_block log;
  l.panes.collect_changes(log);
  auto other = aggregates;
  other[0].window.over_ms = 2000;
  pane_collector changed_pipeline{other, columns, tag};
  const auto value = log.value(0);
  const auto refused = changed_pipeline.restore(log.key(0), &value);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().what.find("'mean_1s'"), std::string::npos);
  for (std::size_t i = 0; i < log.size(); ++i)
    for (std::size_t cut = 0; cut < log.value(i).size(); ++cut) {
      const auto part = log.value(i).substr(0, cut);
      EXPECT_FALSE(l.panes.restore(log.key(i), &part));
    }
  EXPECT_FALSE(l.panes.restore("", &value));
  EXPECT_FALSE(l.panes.restore("\x04\x05", &value));
}

TEST_F(panes_test, survives_updates_that_nobody_wrote) {
  lane l{*this};
  feed(l, {{1, 1000}, {2, 2000}, {3, 3000}});
  const auto good = encode(changed(l, 0));
  for (std::size_t size = 0; size < good.size(); ++size)
    if (auto update = decode_pane_update(std::string_view{good}.substr(0, size)))
      pane_merger{aggregates}.add(*update); // cut between two entries
  std::mt19937 random{8};
  for (int i = 0; i < 20'000; ++i) {
    auto bytes = good;
    for (auto flips = random() % 4 + 1; flips-- > 0;)
      bytes[random() % bytes.size()] ^= static_cast<char>(1u << (random() % 8));
    pane_merger merger{aggregates};
    if (auto update = decode_pane_update(bytes); update && merger.add(*update))
      std::ignore = merger.statistic_of(0);
  }
  EXPECT_FALSE(decode_pane_update(""));
  EXPECT_FALSE(decode_pane_update(std::string(29, '\xff')));
}

} // namespace
} // namespace weir::core
