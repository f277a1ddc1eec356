#include "core/cluster/stream_drift.hpp"

#include "tests/core/cluster/stream_drift_fixture.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <random>
#include <utility>
#include <vector>

namespace weir::core {
namespace {

using stream_drift_test = stream_drift_fixture;

TEST_F(stream_drift_test, any_split_of_the_records_over_lanes_gives_the_same_verdict) {
  auto records = draw(4000, 0);
  const auto later = draw(1000, 0.4, true);
  records.insert(records.end(), later.begin(), later.end());
  const auto verdict_of_split = [&](std::size_t lanes, const std::function<std::size_t()>& choose) {
    cluster all{make_plan(), lanes};
    feed_stream(all, records, choose);
    return all.supervisor.standing();
  };
  const auto one = verdict_of_split(1, [] { return 0; });
  ASSERT_EQ(one.columns.size(), 2u);
  EXPECT_TRUE(one.columns[0].is_drift);
  EXPECT_TRUE(one.columns[1].is_drift);
  EXPECT_GE(one.records, 1000u);
  std::mt19937_64 dice{3};
  const std::array<std::function<std::size_t()>, 4> splits{
      [&] { return dice() % 8; },                                    // evenly
      [&] { return dice() % 100 == 0 ? dice() % 8 : 3; },            // one lane is a hundred times as fast
      [&] { return dice() % 7; },                                    // one has never had a record
      [&, at = std::size_t{0}]() mutable { return at++ / 625 % 8; }, // one after the other, each stands still then
  };
  for (const auto& choose : splits) {
    const auto other = verdict_of_split(8, choose);
    ASSERT_EQ(other.window, one.window);
    EXPECT_EQ(other.records, one.records);
    EXPECT_EQ(other.baseline_records, one.baseline_records);
    ASSERT_EQ(other.columns.size(), 2u);
    for (std::size_t c = 0; c < 2; ++c) {
      EXPECT_EQ(other.columns[c].is_drift, one.columns[c].is_drift);
      EXPECT_DOUBLE_EQ(other.columns[c].verdict.drift_percent, one.columns[c].verdict.drift_percent);
      ASSERT_EQ(other.columns[c].verdict.methods.size(), one.columns[c].verdict.methods.size());
      for (std::size_t m = 0; m < one.columns[c].verdict.methods.size(); ++m) {
        const auto &a = one.columns[c].verdict.methods[m], &b = other.columns[c].verdict.methods[m];
        const auto may_differ =
            a.method == drift_method::kolmogorov_smirnov ? 2 * quantile_sketch::all_ranks_error : 1e-9;
        EXPECT_NEAR(a.statistic, b.statistic, may_differ) << name_of(a.method);
      }
    }
  }
}

TEST_F(stream_drift_test, a_change_in_one_lane_alone_is_one_of_the_stream_as_far_as_it_is_large) {
  cluster all{make_plan(), 4};
  auto at = std::size_t{0};
  const auto in_turn = [&] { return at++ % 4; };
  feed_stream(all, draw(5000, 0), in_turn);
  EXPECT_EQ(all.supervisor.standing().drifting(), 0u);
  for (int i = 0; i < 8; ++i) { // a quarter of the stream
    for (std::size_t l = 0; l < 4; ++l)
      all.feed(l, draw(250, l == 2 ? 3 : 0));
    all.settle();
  }
  const auto& said = all.supervisor.standing();
  EXPECT_TRUE(said.columns[0].is_drift);
  EXPECT_NEAR(said.columns[0].verdict.drift_percent, 25 * 0.9, 5);
  EXPECT_FALSE(said.columns[1].is_drift);
  const auto values = said.values(*all.plan);
  ASSERT_EQ(values.size(), 2u);
  EXPECT_EQ(values[0], (std::pair{std::string{"value_drifts"}, 1.0}));
  EXPECT_EQ(values[1].first, "value_percent");
}

TEST_F(stream_drift_test, every_record_of_a_window_counts_once_however_often_and_late_updates_come) {
  auto plan = make_plan();
  cluster calm{plan, 3}, wild{plan, 3};
  std::mt19937_64 dice{5};
  for (int round = 0; round < 60; ++round) {
    for (std::size_t l = 0; l < 3; ++l) {
      const auto records = draw(60 + 40 * l, round < 40 ? 0 : 0.5);
      calm.feed(l, records);
      wild.feed(l, records);
    }
    calm.settle();
    for (int i = 0; i < 4; ++i) {
      for (std::size_t l = 0; l < 3; ++l)
        wild.commit(l);
      auto twice = wild.on_their_way;
      wild.on_their_way.insert(wild.on_their_way.end(), twice.begin(), twice.end());
      std::shuffle(wild.on_their_way.begin(), wild.on_their_way.end(), dice);
      if (dice() % 3 == 0 && !wild.on_their_way.empty()) { // some are lost, and the node tells all again
        wild.on_their_way.resize(dice() % wild.on_their_way.size());
        for (const auto& update : wild.node.updates())
          for (auto& part : encode_in_parts(update))
            wild.on_their_way.push_back(std::move(part));
      }
      wild.deliver();
      wild.look();
    }
  }
  const auto &a = calm.supervisor.standing(), &b = wild.supervisor.standing();
  EXPECT_GT(a.window, 5u);
  EXPECT_EQ(a.window, b.window);
  EXPECT_EQ(a.records, b.records);
  EXPECT_TRUE(a.columns[0].is_drift);
  EXPECT_DOUBLE_EQ(a.columns[0].verdict.p_value, b.columns[0].verdict.p_value);
  EXPECT_DOUBLE_EQ(a.columns[0].verdict.drift_percent, b.columns[0].verdict.drift_percent);
}

TEST_F(stream_drift_test, lanes_that_are_killed_and_new_supervisors_change_nothing) {
  auto plan = make_plan();
  cluster calm{plan, 3}, killed{plan, 3};
  std::mt19937_64 dice{11};
  for (int round = 0; round < 60; ++round) {
    for (std::size_t l = 0; l < 3; ++l) {
      const auto records = draw(100, round < 40 ? 0 : 0.5);
      calm.feed(l, records);
      if (dice() % 4 == 0) { // what it does in vain
        const auto next = killed.lanes[l].next;
        killed.feed(l, draw(77, 9));
        killed.lanes[l].next = next;
        killed.restore(l);
      }
      killed.feed(l, records);
    }
    calm.settle();
    if (round % 7 == 3) { // the supervisor's node dies with all that it knew: others tell what they have
      const auto known = killed.supervisor;
      killed.supervisor = stream_drift{plan, std::chrono::seconds{30}};
      if (round % 2 == 0)
        killed.supervisor.adopt(known.progress(), known.standing());
      for (const auto& update : killed.node.updates())
        killed.supervisor.hear(update);
    }
    killed.settle();
  }
  const auto &a = calm.supervisor.standing(), &b = killed.supervisor.standing();
  EXPECT_GT(a.window, 5u);
  EXPECT_EQ(a.window, b.window);
  EXPECT_EQ(a.records, b.records);
  EXPECT_EQ(a.baseline_records, b.baseline_records);
  for (std::size_t c = 0; c < 2; ++c) {
    EXPECT_DOUBLE_EQ(a.columns[c].verdict.drift_percent, b.columns[c].verdict.drift_percent);
    EXPECT_NEAR(a.columns[c].verdict.p_value, b.columns[c].verdict.p_value, 1e-9);
  }
}

TEST_F(stream_drift_test, goes_on_when_all_nodes_have_died_with_what_lanes_have_committed) {
  auto plan = make_plan();
  cluster all{plan, 2};
  auto at = std::size_t{0};
  const auto in_turn = [&] { return at++ % 2; };
  feed_stream(all, draw(7000, 0), in_turn);
  const auto before = all.supervisor.standing();
  ASSERT_GT(before.window, first_judged_window);
  cluster again{plan, 2};
  for (std::size_t l = 0; l < 2; ++l) {
    again.lanes[l].log = std::move(all.lanes[l].log);
    again.lanes[l].next = all.lanes[l].next;
    again.restore(l);
  }
  again.settle();
  EXPECT_EQ(again.supervisor.progress().window, all.supervisor.progress().window);
  EXPECT_EQ(again.supervisor.progress().bins, all.supervisor.progress().bins);
  EXPECT_EQ(again.supervisor.standing().window, before.window) << "the last verdict is known again";
  EXPECT_DOUBLE_EQ(again.supervisor.standing().columns[0].verdict.p_value, before.columns[0].verdict.p_value);
  feed_stream(again, draw(2000, 0.6), in_turn);
  EXPECT_TRUE(again.supervisor.standing().columns[0].is_drift);
}

TEST_F(stream_drift_test, waits_for_a_lane_that_is_restored_elsewhere_but_not_for_ever) {
  cluster all{make_plan(), 2};
  auto at = std::size_t{0};
  feed_stream(all, draw(4000, 0), [&] { return at++ % 2; });
  const auto before = all.supervisor.standing().window;
  const auto only_the_first = [&] {
    all.feed(0, draw(500, 0));
    for (int i = 0; i < 3; ++i) {
      all.commit(0);
      all.deliver();
      all.look();
    }
  };
  for (int i = 0; i < 6; ++i)
    only_the_first();
  EXPECT_LE(all.supervisor.standing().window, before + 1);
  EXPECT_LE(all.supervisor.progress().window, before + 3);
  all.now += std::chrono::seconds{31};
  only_the_first();
  EXPECT_GT(all.supervisor.standing().window, before);
}

TEST_F(stream_drift_test, gets_used_to_a_change_where_the_baseline_slides) {
  auto plan = make_plan();
  plan->columns[0].how.baseline = drift_baseline::sliding;
  cluster all{plan, 2};
  auto at = std::size_t{0};
  const auto in_turn = [&] { return at++ % 2; };
  feed_stream(all, draw(5000, 0), in_turn);
  std::vector<bool> told;
  auto last = all.supervisor.standing().window;
  for (int i = 0; i < 20; ++i) {
    feed_stream(all, draw(250, 1), in_turn);
    if (const auto& said = all.supervisor.standing(); said.window > last) {
      told.push_back(said.columns[0].is_drift);
      last = said.window;
    }
  }
  ASSERT_GE(told.size(), 3u);
  EXPECT_EQ(std::count(told.begin(), told.end(), true), 1) << "once, at the change";
  EXPECT_FALSE(told.back());
}

TEST_F(stream_drift_test, compares_with_a_given_baseline_from_the_first_record_on) {
  auto plan = make_plan();
  auto baseline = column_monitor::of_numbers({});
  number_baseline known{
      .edges = {-1, 0, 1}, .counts = {1587, 3413, 3413, 1587}, .nulls = 0, .records = 10'000, .moments = {}};
  ASSERT_TRUE(baseline.numbers()->give(known, {}));
  plan->columns.resize(1);
  plan->columns[0].given = baseline;
  cluster all{plan, 2};
  auto at = std::size_t{0};
  const auto in_turn = [&] { return at++ % 2; };
  feed_stream(all, draw(1000, 0), in_turn);
  EXPECT_EQ(all.supervisor.standing().window, first_judged_window);
  EXPECT_EQ(all.supervisor.standing().drifting(), 0u);
  feed_stream(all, draw(1000, 1), in_turn);
  EXPECT_EQ(all.supervisor.standing().drifting(), 1u);
  EXPECT_EQ(all.supervisor.standing().baseline_records, 0u);
}

TEST_F(stream_drift_test, a_hundred_columns_do_not_cry_daily) {
  auto plan = std::make_shared<stream_drift_plan>();
  plan->window = 500;
  plan->baseline_size = 1000;
  plan->columns.assign(100, make_plan()->columns[0]);
  cluster all{plan, 2};
  std::size_t windows = 0, with_any = 0, by_themselves = 0;
  auto last = all.supervisor.standing().window;
  const auto draw_columns = [&](std::size_t to, std::size_t count) {
    auto raw = std::make_shared<raw_block>();
    raw->partition = partition_id{static_cast<std::int32_t>(to)};
    batch b;
    for (std::size_t i = 0; i < count; ++i) {
      b.rows.push_back(static_cast<row_index>(i));
      raw->append(all.lanes[to].next++, 0, nullptr, 0, "", 0);
    }
    b.raw = std::move(raw);
    for (std::size_t c = 0; c < 100; ++c) {
      auto values = std::make_shared<column>();
      for (std::size_t i = 0; i < count; ++i)
        values->f64.push_back(normal(random));
      b.columns.push_back(values);
    }
    all.lanes[to].counts->process(b);
  };
  for (std::size_t c = 0; c < 100; ++c)
    plan->columns[c].of = static_cast<column_id>(c);
  for (int round = 0; round < 300; ++round) {
    draw_columns(static_cast<std::size_t>(round % 2), 250);
    all.settle();
    if (const auto& said = all.supervisor.standing(); said.window > last) {
      last = said.window;
      ++windows;
      with_any += said.drifting() > 0 ? 1 : 0;
      by_themselves += static_cast<std::size_t>(std::count_if(said.columns.begin(), said.columns.end(),
                                                              [](const auto& one) { return one.verdict.is_drift; }));
    }
  }
  EXPECT_GT(windows, 90u);
  EXPECT_LE(with_any, 2u) << "of " << windows << " windows; alpha is 0.005";
  EXPECT_GT(by_themselves, 5u) << "each by itself they would have cried";
}

} // namespace
} // namespace weir::core
