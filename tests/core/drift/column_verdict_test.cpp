#include "tests/core/drift/watched_columns.hpp"

#include <cstddef>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace weir::core {
namespace {

TEST(column_verdict_test, tells_at_most_one_false_drift_in_a_hundred_windows_of_any_size) {
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

TEST(column_verdict_test, tells_changes_of_place_spread_shares_and_nulls) {
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

TEST(column_verdict_test, says_which_share_of_the_values_lies_elsewhere) {
  std::mt19937_64 random{19};
  auto monitor = watching("normal", random, {.baseline_size = 20'000});
  fill(
      monitor, 20'000, [](auto& r) { return r() % 10 < 3 ? 100 : std::normal_distribution<double>{}(r); },
      random); // 30 %
  const auto told = monitor.verdict(default_number_methods, default_alpha);
  EXPECT_NEAR(told.drift_percent, 27, 2); // of what was in the last bin a tenth of 30 % is no change
  EXPECT_LT(told.chance_percent, 2);
}

TEST(column_verdict_test, the_share_of_columns_that_drift_is_told_behind_benjamini_and_hochberg) {
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

TEST(column_verdict_test, methods_are_found_by_their_names) {
  for (const auto method : all_methods)
    EXPECT_EQ(drift_method_named(name_of(method)), method);
  EXPECT_FALSE(drift_method_named("nothing"));
}

} // namespace
} // namespace weir::core
