#include "core/keyed/rolling.hpp"
#include "steps/kinds.hpp"
#include "tests/core/keyed/keyed_fixture.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>

namespace weir::steps {
namespace {

double exactly(const std::vector<double>& window, const aggregate_kind* what) {
  using wide = long double;
  const auto n = static_cast<wide>(window.size());
  const auto sum = std::accumulate(window.begin(), window.end(), wide{0});
  wide m2 = 0;
  for (const auto x : window)
    m2 += (x - sum / n) * (x - sum / n);
  if (what == &mean)
    return static_cast<double>(sum / n);
  if (what == &steps::sum)
    return static_cast<double>(sum);
  if (what == &steps::min)
    return *std::min_element(window.begin(), window.end());
  if (what == &steps::max)
    return *std::max_element(window.begin(), window.end());
  if (what == &count)
    return static_cast<double>(window.size());
  if (what == &stddev)
    return static_cast<double>(std::sqrt(m2 / n));
  if (what == &range)
    return *std::max_element(window.begin(), window.end()) - *std::min_element(window.begin(), window.end());
  ADD_FAILURE() << "no oracle for " << what->statistic.name;
  return 0;
}

const auto every = aggregates();

class rolling_test : public core::keyed_fixture {
protected:
  core::keyed_step by_count(const aggregate_kind* what, std::uint32_t last) {
    return {.run = what->statistic.by_count(last),
            .of = value,
            .by = key,
            .value = std::string{what->statistic.name} + "_" + std::to_string(last)};
  }
  core::keyed_step by_time(const aggregate_kind* what, std::int64_t over, std::uint32_t panes,
                           std::int64_t lateness = 0) {
    auto step = by_count(what, 1);
    step.run = core::rolling_by_time(what->statistic, {over, lateness, panes});
    step.time = time;
    return step;
  }
};

TEST_F(rolling_test, equals_the_statistic_of_the_last_values_at_an_offset_of_1e9) {
  for (const std::uint32_t last : {1u, 2u, 3u, 20u, 64u, 257u})
    for (const auto what : every)
      ASSERT_TRUE(plan.add(columns, by_count(what, last)));
  const auto stage = plan.make_processor({'w'});
  std::mt19937 random{3};
  std::normal_distribution<double> normal{1e9, 28};
  std::map<std::string, std::vector<double>> seen;
  std::deque<record> records;
  for (int i = 0; i < 4000; ++i) {
    const auto gap = random() % 10 == 0;
    records.push_back(
        {std::string(1, static_cast<char>('a' + random() % 3)), gap ? std::nullopt : std::optional{normal(random)}, 0});
  }
  auto b = make_batch(records);
  stage->process(b);
  for (std::size_t i = 0; i < records.size(); ++i) {
    auto& all = seen[records[i].key];
    if (records[i].value)
      all.push_back(*records[i].value);
    for (const std::uint32_t last : {1u, 2u, 3u, 20u, 64u, 257u})
      for (const auto what : every) {
        const auto& c = b.at(*columns.find(by_count(what, last).value));
        const std::vector<double> window{all.end() - std::min<std::ptrdiff_t>(std::ssize(all), last), all.end()};
        if (window.empty() && what != &count) {
          EXPECT_TRUE(c.is_null(static_cast<core::row_index>(i)));
        } else if (!window.empty()) {
          const auto expected = exactly(window, what);
          const auto tolerance =
              what == &stddev ? 1e-9 * std::max(expected, 1.0) + 1e-7 : 1e-15 * std::abs(expected) * 2;
          ASSERT_NEAR(c.f64[i], expected, tolerance) << last << ' ' << what->statistic.name << ' ' << i;
        }
      }
  }
}

TEST_F(rolling_test, forgets_a_huge_value_once_it_has_left_the_window) {
  for (const auto what : every)
    ASSERT_TRUE(plan.add(columns, by_count(what, 3)));
  const auto stage = plan.make_processor({'w'});
  const std::deque<record> records{{"a", 1e300, 0}, {"a", 1.5, 0}, {"a", 2.5, 0},
                                   {"a", 3.5, 0},   {"a", 4.5, 0}, {"a", 5.5, 0}};
  EXPECT_DOUBLE_EQ(*run(*stage, records, by_count(&mean, 3).value)[5], 4.5);
  EXPECT_DOUBLE_EQ(*run(*plan.make_processor({'w'}), records, by_count(&stddev, 3).value)[5], std::sqrt(2.0 / 3));
}

TEST_F(rolling_test, ignores_what_is_not_finite) {
  ASSERT_TRUE(plan.add(columns, by_count(&mean, 3)));
  const auto stage = plan.make_processor({'w'});
  const auto out =
      run(*stage, {{"a", std::nan(""), 0}, {"a", 2.0, 0}, {"a", INFINITY, 0}, {"a", 4.0, 0}}, by_count(&mean, 3).value);
  EXPECT_EQ(out, (std::vector<std::optional<double>>{std::nullopt, 2.0, 2.0, 3.0}));
}

TEST_F(rolling_test, over_time_covers_the_panes_that_touch_the_window) {
  constexpr std::int64_t over = 1000;
  constexpr std::uint32_t panes = 10;
  for (const auto what : every)
    ASSERT_TRUE(plan.add(columns, by_time(what, over, panes, 5000)));
  const auto stage = plan.make_processor({'w'});
  std::mt19937 random{9};
  std::normal_distribution<double> normal{1e9, 28};
  std::deque<record> records;
  std::int64_t now = -3000; // through 1970 and its negative times
  for (int i = 0; i < 3000; ++i) {
    now += static_cast<std::int64_t>(random() % (i % 500 == 0 ? 5000 : 40));
    records.push_back({"k", normal(random), now - static_cast<std::int64_t>(random() % 3 == 0 ? random() % 1500 : 0)});
  }
  auto b = make_batch(records);
  stage->process(b);
  const auto pane_of = [](std::int64_t t) {
    return static_cast<std::int64_t>(std::floor(static_cast<double>(t) / 100));
  };
  std::int64_t newest = records[0].time;
  std::vector<record> entered;
  for (std::size_t i = 0; i < records.size(); ++i) {
    newest = std::max(newest, records[i].time);
    const auto first = pane_of(newest - over + 1);
    if (pane_of(records[i].time) >= first)
      entered.push_back(records[i]);
    std::vector<double> window;
    for (const auto& r : entered)
      if (pane_of(r.time) >= first)
        window.push_back(*r.value);
    for (const auto what : every) {
      const auto expected = exactly(window, what);
      const auto& c = b.at(*columns.find(by_time(what, over, panes).value));
      ASSERT_NEAR(c.f64[i], expected, what == &stddev ? 1e-6 : 1e-15 * std::abs(expected) * 4) << i;
    }
  }
  EXPECT_EQ(stage->stats()[0].counts.late, 0u);
}

TEST_F(rolling_test, over_time_counts_what_is_too_late_and_gives_null) {
  ASSERT_TRUE(plan.add(columns, by_time(&count, 1000, 10, 500)));
  const auto stage = plan.make_processor({'w'});
  const auto out =
      run(*stage, {{"k", 1.0, 10'000}, {"k", 1.0, 9'100}, {"k", 1.0, 8'600}, {"k", 1.0, 8'400}, {"k", {}, 11'000}},
          by_time(&count, 1000, 10).value);
  EXPECT_EQ(out, (std::vector<std::optional<double>>{1.0, 2.0, 2.0, std::nullopt, 2.0}));
  EXPECT_EQ(stage->stats()[0].counts.late, 1u);
}

TEST_F(rolling_test, over_time_lets_no_record_in_that_is_far_in_front_of_the_newest_and_of_the_wall_clock) {
  constexpr std::int64_t day = 86'400'000;
  ASSERT_TRUE(plan.add(columns, by_time(&count, 1000, 10)));
  const auto stage = plan.make_processor({'w'});
  const std::deque<record> records{{"k", 1.0, 5 * day},
                                   {"k", 1.0, 6 * day + 1},   // a day in front of both, and a little more
                                   {"k", 1.0, 5 * day + 500}, // the window goes on
                                   {"k", 1.0, 6 * day + 100}, // in front of the newest, by less than a day
                                   {"k", 1.0, 7 * day},       // and so on
                                   {"j", 1.0, 6 * day + 1},   // another key has nothing but the wall clock
                                   {"j", 1.0, 6 * day}};
  auto b = make_batch(records);
  b.now_ms = 5 * day;
  stage->process(b);
  const auto& counts = b.at(*columns.find(by_time(&count, 1000, 10).value));
  for (core::row_index i = 0; i < records.size(); ++i)
    EXPECT_EQ(counts.is_null(i), i == 1 || i == 5) << i;
  EXPECT_EQ(counts.f64[2], 2);
  EXPECT_EQ(stage->stats()[0].counts.ahead, 2u);
  EXPECT_EQ(stage->stats()[0].counts.late, 0u);
}

TEST_F(rolling_test, survives_event_times_at_the_ends_of_the_range) {
  ASSERT_TRUE(plan.add(columns, by_time(&count, 1000, 10, 500)));
  const auto stage = plan.make_processor({'w'});
  const auto out = run(*stage, {{"k", 1.0, INT64_MIN}, {"k", 1.0, INT64_MAX}, {"k", 1.0, 0}, {"k", 1.0, INT64_MAX - 1}},
                       by_time(&count, 1000, 10).value);
  EXPECT_EQ(out, (std::vector<std::optional<double>>{std::nullopt, std::nullopt, 1.0, 1.0}));
}

} // namespace
} // namespace weir::steps
