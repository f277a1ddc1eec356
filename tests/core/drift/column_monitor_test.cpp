#include "core/drift/column_monitor.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <gtest/gtest.h>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace weir::core {
namespace {

using draw = std::function<double(std::mt19937_64&)>;

constexpr drift_method all_methods[]{drift_method::population_stability_index,
                                     drift_method::kolmogorov_smirnov,
                                     drift_method::wasserstein_distance,
                                     drift_method::jensen_shannon,
                                     drift_method::chi_square,
                                     drift_method::welch,
                                     drift_method::variance_ratio,
                                     drift_method::nulls};

const std::map<std::string, draw>& distributions() {
  static const std::map<std::string, draw> all{
      {"normal", [](auto& random) { return std::normal_distribution<double>{}(random); }},
      {"log-normal", [](auto& random) { return std::lognormal_distribution<double>{}(random); }},
      {"poisson", [](auto& random) { return static_cast<double>(std::poisson_distribution<int>{3}(random)); }},
      {"categories",
       [](auto& random) {
         return static_cast<double>(std::discrete_distribution<int>{50, 25, 12, 6, 4, 2, 1}(random));
       }},
  };
  return all;
}

bool is_text(const std::string& name) {
  return name == "categories";
}

std::span<const drift_method> default_methods(const std::string& name) {
  return is_text(name) ? std::span<const drift_method>{default_text_methods}
                       : std::span<const drift_method>{default_number_methods};
}

column_monitor monitor_of(const std::string& name, const monitor_options& options) {
  return is_text(name) ? column_monitor::of_texts(options) : column_monitor::of_numbers(options);
}

void add(column_monitor& to, double value) {
  if (auto* const texts = to.texts())
    texts->add("category " + std::to_string(static_cast<int>(value)), to.options());
  else
    to.numbers()->add(value, to.options());
}

void add_null(column_monitor& to) {
  if (auto* const texts = to.texts())
    texts->add_null(to.options());
  else
    to.numbers()->add_null(to.options());
}

/// So many records, one in twenty of them null.
void fill(column_monitor& to, std::size_t records, const draw& from, std::mt19937_64& random) {
  for (std::size_t i = 0; i < records; ++i) {
    if (random() % 20 == 0)
      add_null(to);
    else
      add(to, from(random));
  }
}

column_monitor watching(const std::string& name, std::mt19937_64& random, monitor_options options = {}) {
  auto made = monitor_of(name, options);
  fill(made, options.baseline_size, distributions().at(name), random);
  EXPECT_TRUE(made.is_watching());
  return made;
}

std::string bytes_of(const column_monitor& of) {
  std::string bytes;
  of.encode(bytes);
  return bytes;
}

TEST(column_monitor_test, tells_at_most_one_false_drift_in_a_hundred_windows_of_any_size) {
  for (const auto& [name, from] : distributions()) {
    std::mt19937_64 random{17};
    std::size_t all = 0, told_of_all = 0;
    struct plan {
      std::size_t size, baselines, windows;
    };
    for (const auto& [size, baselines, windows] :
         {plan{50, 200, 10}, {200, 150, 8}, {1000, 60, 5}, {10'000, 10, 2}, {100'000, 2, 1}}) {
      std::size_t told = 0;
      for (std::size_t round = 0; round < baselines; ++round) {
        auto monitor = watching(name, random, {.seed = round});
        for (std::size_t i = 0; i < windows; ++i) {
          fill(monitor, size, from, random);
          EXPECT_EQ(monitor.records(), size);
          told += monitor.verdict(default_methods(name), default_alpha).is_drift ? 1 : 0;
          monitor.next_window();
        }
      }
      EXPECT_LE(told * 100, baselines * windows) << name << ", windows of " << size;
      all += baselines * windows;
      told_of_all += told;
    }
    EXPECT_LE(told_of_all * 100, all) << name;
  }
}

TEST(column_monitor_test, tells_changes_of_place_spread_shares_and_nulls) {
  std::mt19937_64 random{18};
  const auto standard = [](auto& r) { return std::normal_distribution<double>{}(r); };
  const std::map<std::string, std::pair<draw, drift_method>> changes{
      {"mean", {[&](auto& r) { return 0.5 + standard(r); }, drift_method::welch}},
      {"spread", {[&](auto& r) { return 1.6 * standard(r); }, drift_method::variance_ratio}},
      {"shape",
       {[&](auto& r) { return (r() % 2 == 0 ? -1 : 1) * (0.9 + 0.1 * standard(r)); },
        drift_method::kolmogorov_smirnov}},
  };
  for (const auto& [name, change] : changes) {
    auto monitor = watching("normal", random);
    fill(monitor, 1000, change.first, random);
    const auto told = monitor.verdict(all_methods, default_alpha);
    ASSERT_EQ(told.methods.size(), 8u);
    EXPECT_TRUE(told.is_drift) << name;
    EXPECT_TRUE(monitor.verdict(default_number_methods, default_alpha).is_drift) << name;
    EXPECT_GT(told.drift_percent, told.chance_percent + 5) << name;
    for (const auto& one : told.methods) {
      if (one.method == change.second) {
        EXPECT_TRUE(one.is_drift) << name;
      }
      if (one.method == drift_method::nulls) {
        EXPECT_FALSE(one.is_drift) << name;
      }
    }
  }

  auto nulls = watching("normal", random);
  for (int i = 0; i < 1000; ++i)
    if (i % 8 == 0)
      add_null(nulls);
    else
      add(nulls, standard(random));
  const auto told = nulls.verdict(default_number_methods, default_alpha);
  EXPECT_TRUE(told.is_drift);
  EXPECT_NEAR(told.methods.back().effect, 0.125 - 0.05, 0.02);

  auto texts = watching("categories", random);
  fill(
      texts, 1000,
      [](auto& r) {
        return static_cast<double>(std::discrete_distribution<int>{40, 35, 12, 6, 4, 3}(r));
      },
      random);
  EXPECT_TRUE(texts.verdict(default_text_methods, default_alpha).is_drift);
}

TEST(column_monitor_test, says_which_share_of_the_values_lies_elsewhere) {
  std::mt19937_64 random{19};
  auto monitor = watching("normal", random, {.baseline_size = 20'000});
  fill(
      monitor, 20'000, [](auto& r) { return r() % 10 < 3 ? 100 : std::normal_distribution<double>{}(r); },
      random); // 30 %
  const auto told = monitor.verdict(default_number_methods, default_alpha);
  EXPECT_NEAR(told.drift_percent, 27, 2); // of what was in the last bin a tenth of 30 % is no change
  EXPECT_LT(told.chance_percent, 2);
}

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

TEST(column_monitor_test, numbers_at_the_ends_of_what_is_there_make_no_nan) {
  const double values[]{0, -0.0, 1e308, -1e308, 5e-324, std::numeric_limits<double>::infinity(), std::nan(""), 1};
  for (const auto binning : {bin_rule::quantile, bin_rule::width}) {
    auto monitor = column_monitor::of_numbers({.binning = binning});
    for (int i = 0; i < 5000; ++i)
      add(monitor, values[i % std::size(values)]);
    const auto told = monitor.verdict(all_methods, default_alpha);
    for (const auto& one : told.methods) {
      EXPECT_FALSE(std::isnan(one.statistic)) << name_of(one.method);
      EXPECT_TRUE(one.p_value >= 0 && one.p_value <= 1) << name_of(one.method);
    }
    auto copy = column_monitor::of_numbers({});
    const auto bytes = bytes_of(monitor);
    byte_reader from{bytes};
    EXPECT_TRUE(copy.decode(from));
  }
}

TEST(column_monitor_test, goes_on_bit_by_bit_from_its_bytes_at_any_record) {
  for (const auto& [name, from] : distributions()) {
    SCOPED_TRACE(name);
    std::mt19937_64 random{25};
    const monitor_options options{.baseline = drift_baseline::sliding, .seed = 3};
    auto one = monitor_of(name, options), other = one;
    for (int i = 0; i < 6000; ++i) {
      const auto value = from(random);
      const bool is_null = random() % 20 == 0;
      for (auto* to : {&one, &other})
        is_null ? add_null(*to) : add(*to, value);
      if (i % 2500 == 2499) {
        one.next_window();
        other.next_window();
      }
      if (i % 113 == 0) {
        const auto bytes = bytes_of(other) + "rest";
        EXPECT_LE(bytes.size(), 20u * 1024);
        other = monitor_of(name, options);
        byte_reader left{bytes};
        ASSERT_TRUE(other.decode(left)) << i;
        EXPECT_EQ(left.left(), 4u);
      }
    }
    EXPECT_EQ(bytes_of(one), bytes_of(other));
  }
}

TEST(column_monitor_test, damaged_bytes_are_refused_or_do_no_harm) {
  for (const auto* name : {"log-normal", "categories"}) {
    SCOPED_TRACE(name);
    std::mt19937_64 random{26};
    auto good = watching(name, random);
    fill(good, 1500, distributions().at(name), random);
    const auto bytes = bytes_of(good);
    for (std::size_t length = 0; length < bytes.size(); length += 1 + length / 40) {
      byte_reader from{std::string_view{bytes}.substr(0, length)};
      auto read = monitor_of(name, {});
      EXPECT_FALSE(read.decode(from)) << length;
      EXPECT_EQ(from.left(), length);
    }
    int refused = 0, taken = 0;
    for (int i = 0; i < 3000; ++i) {
      auto damaged = bytes;
      for (auto changes = 1 + random() % 3; changes > 0; --changes)
        damaged[random() % (i % 2 == 0 ? 400 : damaged.size())] = static_cast<char>(random());
      byte_reader from{damaged};
      auto read = monitor_of(name, {});
      if (!read.decode(from)) {
        ++refused;
        continue;
      }
      ++taken;
      fill(read, 50, distributions().at(name), random);
      for (const auto& one : read.verdict(all_methods, default_alpha).methods)
        ASSERT_TRUE(one.p_value >= 0 && one.p_value <= 1) << name_of(one.method);
      (void)read.merge(good);
      auto other = good;
      (void)other.merge(read);
    }
    EXPECT_GT(refused, 500);
    EXPECT_GT(taken, 10);
  }
  auto texts = monitor_of("categories", {});
  const auto of_numbers = bytes_of(monitor_of("normal", {}));
  byte_reader from{of_numbers};
  EXPECT_FALSE(texts.decode(from));
}

TEST(column_monitor_test, the_share_of_columns_that_drift_is_told_behind_benjamini_and_hochberg) {
  std::vector<column_verdict> columns(10);
  for (std::size_t i = 0; i < columns.size(); ++i)
    columns[i].p_value = i < 3 ? 0.004 : 0.5;
  const auto told = verdict_of(columns, 0.02);
  EXPECT_DOUBLE_EQ(told.drift_share, 0.3);
  EXPECT_TRUE(told.is_drift[2]);
  EXPECT_FALSE(told.is_drift[3]);
  EXPECT_EQ(verdict_of(columns, 0.01).drift_share, 0); // 0.004 of ten tests is none
  EXPECT_EQ(verdict_of({}, 0.01).drift_share, 0);
}

TEST(column_monitor_test, methods_are_found_by_their_names) {
  for (const auto method : all_methods)
    EXPECT_EQ(drift_method_named(name_of(method)), method);
  EXPECT_FALSE(drift_method_named("nothing"));
}

} // namespace
} // namespace weir::core
