#include "core/drift/benjamini_hochberg.hpp"
#include "core/drift/chi_square.hpp"
#include "core/drift/distributions.hpp"
#include "core/drift/jensen_shannon.hpp"
#include "core/drift/kolmogorov_smirnov.hpp"
#include "core/drift/population_stability_index.hpp"
#include "core/drift/share_change.hpp"
#include "core/drift/variance_ratio.hpp"
#include "core/drift/wasserstein_distance.hpp"
#include "core/drift/welch.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <limits>
#include <map>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace weir::core {
namespace {

using numbers = std::vector<double>;

numbers sorted(numbers values) {
  std::sort(values.begin(), values.end());
  return values;
}

std::vector<std::uint64_t> counts(const numbers& of) {
  return {of.begin(), of.end()};
}

shape_moments moments_of(const numbers& values) {
  shape_moments made{};
  for (const auto value : values)
    made.add(value);
  return made;
}

share_of share(const numbers& of) {
  return {static_cast<std::uint64_t>(of[0]), static_cast<std::uint64_t>(of[1])};
}

numbers pair_of(const test_result& result) {
  return {result.statistic, result.p_value};
}

numbers chi_square_of(const numbers& a, const numbers& b, double least) {
  const auto r = chi_square(counts(a), counts(b), least);
  return {r.statistic, r.p_value, r.degrees_of_freedom, r.cramers_v};
}

const std::map<std::string, std::function<numbers(const numbers&, const numbers&)>>& functions() {
  using in = const numbers&;
  static const std::map<std::string, std::function<numbers(in, in)>> all{
      {"kolmogorov_smirnov",
       [](in a, in b) {
         const auto d = kolmogorov_smirnov_distance(sorted(a), sorted(b));
         return numbers{d, kolmogorov_smirnov_p_value(d, a.size(), b.size())};
       }},
      {"kolmogorov_smirnov_p_value",
       [](in a, in b) {
         return numbers{
             kolmogorov_smirnov_p_value(b[0], static_cast<std::uint64_t>(a[0]), static_cast<std::uint64_t>(a[1]))};
       }},
      {"wasserstein_distance", [](in a, in b) { return numbers{wasserstein_distance(sorted(a), sorted(b))}; }},
      {"welch",
       [](in a, in b) {
         const auto r = welch(moments_of(a), moments_of(b));
         return numbers{r.statistic, r.p_value, r.degrees_of_freedom, r.cohens_d, r.hedges_g};
       }},
      {"brown_forsythe", [](in a, in b) { return pair_of(brown_forsythe(a, b)); }},
      {"variance_ratio", [](in a, in b) { return pair_of(variance_ratio(moments_of(a), moments_of(b))); }},
      {"population_stability_index",
       [](in a, in b) { return numbers{population_stability_index(counts(a), counts(b))}; }},
      {"population_stability_threshold",
       [](in a, in b) { return numbers{population_stability_threshold(a[0], a[1], b[0], b[1])}; }},
      {"jensen_shannon", [](in a, in b) { return numbers{jensen_shannon(counts(a), counts(b))}; }},
      {"total_variation", [](in a, in b) { return numbers{total_variation(counts(a), counts(b))}; }},
      {"chi_square 0", [](in a, in b) { return chi_square_of(a, b, 0); }},
      {"chi_square 5", [](in a, in b) { return chi_square_of(a, b, 5); }},
      {"share_change", [](in a, in b) { return pair_of(share_change(share(a), share(b))); }},
      {"correlation_change",
       [](in a, in b) {
         return pair_of(
             correlation_change(a[0], static_cast<std::uint64_t>(a[1]), b[0], static_cast<std::uint64_t>(b[1])));
       }},
      {"benjamini_hochberg", [](in a, in) { return benjamini_hochberg(a); }},
      {"chi_square_tail", [](in a, in b) { return numbers{chi_square_tail(a[0], b[0])}; }},
      {"student_two_sided", [](in a, in b) { return numbers{student_two_sided(a[0], b[0])}; }},
      {"f_tail", [](in a, in b) { return numbers{f_tail(a[0], b[0], b[1])}; }},
  };
  return all;
}

numbers read(std::istringstream& fields) {
  std::string text;
  std::getline(fields, text, ',');
  std::istringstream from{text};
  numbers made;
  for (double value = 0; from >> value;)
    made.push_back(value);
  return made;
}

TEST(distances_test, say_what_scipy_and_evidently_say) {
  std::ifstream file{std::string{WEIR_SOURCE_DIR} + "/tests/data/drift/tests.csv"};
  ASSERT_TRUE(file);
  std::map<std::string, int> seen;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields{line};
    std::string name;
    std::getline(fields, name, ',');
    const auto one = read(fields), other = read(fields), expected = read(fields);
    SCOPED_TRACE(std::to_string(++number) + ": " + name);
    const auto got = functions().at(name)(one, other);
    ASSERT_EQ(got.size(), expected.size());
    // The second line is known to seven places.
    const auto exactness = number == 2 ? 1e-5 : 1e-9;
    for (std::size_t i = 0; i < got.size(); ++i)
      EXPECT_NEAR(got[i], expected[i], exactness * std::abs(expected[i]) + 1e-15);
    ++seen[name];
  }
  EXPECT_EQ(seen.size(), functions().size());
  EXPECT_GT(number, 150);
}

TEST(distances_test, p_of_large_samples_is_near_the_exact_one) {
  for (const double distance : {0.02, 0.04, 0.06, 0.09, 0.15}) {
    const auto exact = kolmogorov_smirnov_p_value(distance, 2000, 900);
    EXPECT_NEAR(kolmogorov_smirnov_p_value(distance, 2000, 900, 0), exact, 0.1 * exact + 1e-14) << distance;
  }
}

TEST(distances_test, the_same_twice_is_no_distance) {
  const std::vector<std::uint64_t> bins{5, 0, 70, 3};
  const numbers values{1, 2, 2, 3};
  EXPECT_EQ(population_stability_index(bins, bins), 0);
  EXPECT_EQ(jensen_shannon(bins, bins), 0);
  EXPECT_EQ(total_variation(bins, bins), 0);
  EXPECT_EQ(wasserstein_distance(values, values), 0);
  EXPECT_EQ(kolmogorov_smirnov_distance(values, values), 0);
  EXPECT_EQ(kolmogorov_smirnov_p_value(0, 4, 4), 1);
  EXPECT_EQ(chi_square(bins, bins).p_value, 1);
  EXPECT_EQ(welch(moments_of(values), moments_of(values)).p_value, 1);
  EXPECT_NEAR(variance_ratio(moments_of(values), moments_of(values)).p_value, 1, 0.1);
}

TEST(distances_test, nothing_in_common_is_the_largest_distance) {
  const std::vector<std::uint64_t> bins{5, 0}, others{0, 9};
  EXPECT_EQ(jensen_shannon(bins, others), 1);
  EXPECT_EQ(total_variation(bins, others), 1);
  EXPECT_EQ(kolmogorov_smirnov_distance(numbers{1, 2}, numbers{3}), 1);
  EXPECT_DOUBLE_EQ(wasserstein_distance(numbers{1, 2}, numbers{3}), 1.5);
}

TEST(distances_test, without_values_or_spread_no_answer_is_a_nan) {
  const std::vector<std::uint64_t> none{0, 0}, some{3, 4};
  for (const auto& [one, other] : {std::pair{none, some}, {some, none}, {none, none}}) {
    EXPECT_EQ(population_stability_index(one, other), 0);
    EXPECT_EQ(jensen_shannon(one, other), 0);
    EXPECT_EQ(chi_square(one, other).p_value, 1);
  }
  EXPECT_EQ(chi_square({}, {}).p_value, 1);
  EXPECT_EQ(share_change({0, 0}, {3, 4}).p_value, 1);
  EXPECT_EQ(share_change({0, 10}, {0, 20}).p_value, 1);
  EXPECT_EQ(share_change({10, 10}, {20, 20}).p_value, 1);
  EXPECT_EQ(correlation_change(1, 3, 0, 100).p_value, 1);
  EXPECT_EQ(correlation_change(1, 10, 1, 100).p_value, 1);
  const auto still = moments_of({2, 2, 2}), other = moments_of({3, 3}), spread = moments_of({2, 5, 9});
  EXPECT_EQ(welch(still, still).p_value, 1);
  EXPECT_EQ(welch(still, other).p_value, 0);
  EXPECT_EQ(welch(still, moments_of({})).p_value, 1);
  EXPECT_EQ(variance_ratio(still, other).p_value, 1);
  EXPECT_EQ(variance_ratio(still, spread).p_value, 0);
  EXPECT_EQ(brown_forsythe(numbers{1, 1, 1}, numbers{2, 2, 2}).p_value, 1);
  const auto nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(chi_square_tail(nan, 3), 1);
  EXPECT_EQ(chi_square_tail(infinity, 3), 0);
  EXPECT_EQ(student_two_sided(nan, 3), 1);
  EXPECT_EQ(student_two_sided(1, 0), 1);
  EXPECT_EQ(f_tail(infinity, 3, 3), 0);
  EXPECT_EQ(f_tail(2, nan, 3), 1);
}

TEST(distances_test, moments_are_the_same_however_they_are_merged) {
  std::mt19937 random{1};
  std::gamma_distribution<double> draw{2, 3};
  for (int round = 0; round < 20; ++round) {
    shape_moments whole{}, parts[3]{};
    for (int i = 0; i < 2000; ++i) {
      const auto value = 1e6 + draw(random);
      whole.add(value);
      parts[random() % 3 * static_cast<unsigned>(round % 4 != 0)].add(value);
    }
    parts[0].merge(parts[1]);
    parts[0].merge(parts[2]);
    EXPECT_EQ(parts[0].count, whole.count);
    EXPECT_NEAR(parts[0].mean, whole.mean, 1e-8);
    EXPECT_NEAR(parts[0].m2, whole.m2, 1e-7 * whole.m2);
    EXPECT_NEAR(parts[0].m3, whole.m3, 1e-6 * std::abs(whole.m3));
    EXPECT_NEAR(parts[0].m4, whole.m4, 1e-6 * whole.m4);
    EXPECT_TRUE(whole.valid());
  }
}

TEST(distances_test, distances_of_sketches_are_within_their_errors) {
  std::mt19937 random{2};
  for (int round = 0; round < 20; ++round) {
    std::normal_distribution<double> draw, moved{0.1 * round, 1 + 0.1 * round};
    numbers one, other;
    quantile_sketch a{}, b{};
    b.seed(1);
    for (int i = 0; i < 20'000; ++i) {
      one.push_back(draw(random));
      other.push_back(moved(random));
      a.add(one.back());
      b.add(other.back());
    }
    one = sorted(one);
    other = sorted(other);
    const auto exact = kolmogorov_smirnov_distance(one, other);
    EXPECT_NEAR(kolmogorov_smirnov_distance(a.view(), b.view()), exact, 2 * quantile_sketch::all_ranks_error);
    const auto range = std::max(one.back(), other.back()) - std::min(one.front(), other.front());
    EXPECT_NEAR(wasserstein_distance(a.view(), b.view()), wasserstein_distance(one, other),
                2 * quantile_sketch::all_ranks_error * range);
  }
}

TEST(distances_test, p_values_are_even_where_nothing_has_changed) {
  std::mt19937 random{3};
  std::normal_distribution<double> draw;
  std::map<std::string, int> at_most_5_percent;
  for (int round = 0; round < 2000; ++round) {
    numbers one(60), other(90);
    for (auto* sample : {&one, &other})
      std::generate(sample->begin(), sample->end(), [&] { return draw(random); });
    std::vector<std::uint64_t> of_one(6), of_other(6);
    const auto bin = [](double x) { return static_cast<std::size_t>(std::clamp(std::floor(x + 3), 0.0, 5.0)); };
    for (const auto x : one)
      ++of_one[bin(x)];
    for (const auto x : other)
      ++of_other[bin(x)];
    const auto count = [&](const char* name, double p) { at_most_5_percent[name] += p <= 0.05 ? 1 : 0; };
    count("welch", welch(moments_of(one), moments_of(other)).p_value);
    count("variance_ratio", variance_ratio(moments_of(one), moments_of(other)).p_value);
    count("brown_forsythe", brown_forsythe(one, other).p_value);
    count("kolmogorov_smirnov",
          kolmogorov_smirnov_p_value(kolmogorov_smirnov_distance(sorted(one), sorted(other)), 60, 90));
    count("chi_square", chi_square(of_one, of_other).p_value);
  }
  for (const auto& [name, times] : at_most_5_percent) {
    EXPECT_GT(times, 60) << name; // 100 expected, with a standard deviation of 10
    EXPECT_LT(times, 140) << name;
  }
}

TEST(distances_test, neighbours_go_together_until_enough_are_expected_of_each) {
  const std::vector<std::uint64_t> reference{100, 1, 2, 97, 300, 1}, window{10, 0, 1, 9, 30, 0};
  EXPECT_EQ(pooled_neighbours(reference, window, 5), (std::vector<std::size_t>{0, 1, 1, 1, 2, 2}));
  EXPECT_EQ(pooled_neighbours(reference, window, 1000), (std::vector<std::size_t>(6, 0)));
}

} // namespace
} // namespace weir::core
