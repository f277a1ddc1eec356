#include "tests/core/drift/watched_columns.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <random>
#include <string>
#include <vector>

namespace weir::core {
namespace {

TEST(column_monitor_test, a_window_without_values_is_judged_by_its_nulls) {
  std::mt19937_64 random{20};
  for (const auto* name : {"normal", "categories"}) {
    auto monitor = watching(name, random);
    EXPECT_TRUE(monitor.verdict(all_methods, default_alpha).methods.empty());
    for (int i = 0; i < 100; ++i)
      add_null(monitor);
    const auto told = monitor.verdict(all_methods, default_alpha);
    ASSERT_EQ(told.methods.size(), 1u);
    EXPECT_TRUE(told.is_drift);
  }
}

TEST(column_monitor_test, a_column_of_one_value_or_of_nulls_has_a_baseline_too) {
  auto still = column_monitor::of_numbers({});
  for (int i = 0; i < 1500; ++i)
    add(still, 7);
  EXPECT_FALSE(still.verdict(all_methods, default_alpha).is_drift);
  still.next_window();
  for (int i = 0; i < 500; ++i)
    add(still, 7.001);
  EXPECT_TRUE(still.verdict(all_methods, default_alpha).is_drift);

  for (auto nulls : {column_monitor::of_numbers({}), column_monitor::of_texts({})}) {
    for (int i = 0; i < 1500; ++i)
      add_null(nulls);
    EXPECT_FALSE(nulls.verdict(all_methods, default_alpha).is_drift);
    nulls.next_window();
    for (int i = 0; i < 50; ++i)
      add(nulls, 1);
    const auto told = nulls.verdict(all_methods, default_alpha);
    EXPECT_TRUE(told.is_drift);
    EXPECT_FALSE(std::isnan(told.drift_percent));
  }
}

TEST(column_monitor_test, a_sliding_baseline_is_the_window_before) {
  std::mt19937_64 random{21};
  for (const auto kind : {drift_baseline::first, drift_baseline::sliding}) {
    auto monitor = watching("normal", random, {.baseline = kind});
    std::string told;
    for (const double mean : {0, 1, 1, 1}) {
      fill(
          monitor, 1000, [&](auto& r) { return std::normal_distribution<double>{mean}(r); }, random);
      told += monitor.verdict(default_number_methods, default_alpha).is_drift ? '!' : '.';
      monitor.next_window();
    }
    EXPECT_EQ(told, kind == drift_baseline::first ? ".!!!" : ".!..");
  }
}

TEST(column_monitor_test, merged_lanes_say_what_one_stream_says) {
  for (const auto& [name, from] : distributions()) {
    SCOPED_TRACE(name);
    std::mt19937_64 random{22};
    const auto start = watching(name, random, {.baseline_size = 4000});
    auto whole = start;
    std::vector<column_monitor> lanes(3, start);
    for (int i = 0; i < 6000; ++i) {
      const auto value = from(random);
      add(whole, value);
      add(lanes[random() % 3], value);
    }
    auto merged = lanes[0];
    ASSERT_TRUE(merged.merge(lanes[1]));
    ASSERT_TRUE(merged.merge(lanes[2]));
    EXPECT_EQ(merged.records(), 6000u);
    const auto one = whole.verdict(all_methods, 0.01), other = merged.verdict(all_methods, 0.01);
    ASSERT_EQ(one.methods.size(), other.methods.size());
    EXPECT_NEAR(one.drift_percent, other.drift_percent, 1e-9);
    for (std::size_t i = 0; i < one.methods.size(); ++i)
      EXPECT_NEAR(one.methods[i].statistic, other.methods[i].statistic,
                  0.2 * std::abs(one.methods[i].statistic) + 0.035)
          << name_of(one.methods[i].method);
  }
}

TEST(column_monitor_test, lanes_with_baselines_of_their_own_are_merged_by_their_sketches) {
  std::mt19937_64 random{23};
  std::vector<column_monitor> lanes;
  for (int lane = 0; lane < 4; ++lane) {
    lanes.push_back(watching("normal", random, {.seed = static_cast<std::uint64_t>(lane)}));
    fill(lanes.back(), 2000, distributions().at("normal"), random);
  }
  auto merged = lanes[0];
  for (int lane = 1; lane < 4; ++lane)
    ASSERT_TRUE(merged.merge(lanes[static_cast<std::size_t>(lane)]));
  EXPECT_EQ(merged.records(), 8000u);
  EXPECT_FALSE(merged.verdict(default_number_methods, default_alpha).is_drift);

  auto without = watching("normal", random, {.has_sketch = false});
  auto other = watching("normal", random, {.has_sketch = false});
  fill(other, 10, distributions().at("normal"), random);
  const auto before = bytes_of(without);
  EXPECT_FALSE(without.merge(other));
  EXPECT_EQ(bytes_of(without), before);
  EXPECT_FALSE(without.merge(column_monitor::of_numbers({})));
  EXPECT_FALSE(without.merge(column_monitor::of_texts({})));
}

TEST(column_monitor_test, a_merge_puts_texts_that_one_does_not_know_into_the_rest) {
  auto one = column_monitor::of_texts({.baseline_size = 100}), other = one;
  for (int i = 0; i < 200; ++i) {
    one.texts()->add(i % 2 == 0 ? "a" : "b", one.options());
    other.texts()->add(i % 2 == 0 ? "b" : "c", other.options());
  }
  ASSERT_TRUE(one.merge(other));
  ASSERT_EQ(one.texts()->categories(), 2u);
  EXPECT_EQ(one.texts()->name(0) == "a" ? one.texts()->counts()[1] : one.texts()->counts()[0], 100u);
  EXPECT_EQ(one.texts()->counts()[2], 50u);
}

TEST(column_monitor_test, texts_without_end_are_no_drift) {
  auto monitor = column_monitor::of_texts({});
  for (int i = 0; i < 3000; ++i)
    monitor.texts()->add("customer " + std::to_string(i * 7919), monitor.options());
  EXPECT_EQ(monitor.texts()->categories(), 64u);
  EXPECT_FALSE(monitor.verdict(default_text_methods, default_alpha).is_drift);
}

TEST(column_monitor_test, takes_a_baseline_that_is_given) {
  std::mt19937_64 random{24};
  shape_moments moments{};
  for (int i = 0; i < 8000; ++i)
    moments.add(std::normal_distribution<double>{}(random));
  const monitor_options options{.baseline = drift_baseline::given};
  auto numbers = column_monitor::of_numbers(options);
  ASSERT_TRUE(numbers.numbers()->give(
      {.edges = {-1, 0, 1}, .counts = {1269, 2731, 2731, 1269}, .nulls = 400, .records = 8400, .moments = moments},
      options));
  EXPECT_TRUE(numbers.is_watching());
  fill(numbers, 3000, distributions().at("normal"), random);
  const auto told = numbers.verdict(all_methods, default_alpha);
  EXPECT_EQ(told.methods.size(), 6u); // but those that need a sketch
  EXPECT_FALSE(told.is_drift);

  auto texts = column_monitor::of_texts(options);
  ASSERT_TRUE(texts.texts()->give({.names = {"category 1", "category 0"}, .counts = {25, 50}, .rest = 25}));
  EXPECT_EQ(texts.texts()->name(0), "category 0");
  fill(texts, 1000, distributions().at("categories"), random);
  EXPECT_FALSE(texts.verdict(all_methods, default_alpha).is_drift);
  EXPECT_EQ(texts.verdict(all_methods, default_alpha).methods.size(), 3u);

  const auto refused = bytes_of(numbers);
  for (const auto& wrong : std::vector<number_baseline>{{},
                                                        {.edges = {1, 1}, .counts = {1, 1, 1}},
                                                        {.edges = {1}, .counts = {1}},
                                                        {.edges = {}, .counts = {1}},
                                                        {.edges = {1}, .counts = {0, 0}},
                                                        {.edges = {std::nan("")}, .counts = {1, 1}},
                                                        {.edges = {1}, .counts = {1, 1}, .nulls = 2, .records = 1}}) {
    const auto told_of = numbers.numbers()->give(wrong, options);
    ASSERT_FALSE(told_of);
    EXPECT_FALSE(told_of.error().remedy.empty());
  }
  EXPECT_EQ(bytes_of(numbers), refused);
  EXPECT_FALSE(texts.texts()->give({.names = {"a", "a"}, .counts = {1, 1}}));
  EXPECT_FALSE(texts.texts()->give({.names = {"a"}, .counts = {}}));
  EXPECT_FALSE(texts.texts()->give({.names = {"a"}, .counts = {0}}));
}

} // namespace
} // namespace weir::core
