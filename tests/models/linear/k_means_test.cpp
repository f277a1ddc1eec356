#include "models/linear/k_means.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace weir::models {
namespace {

std::string problem(const training_data& data, const k_means_options& options) {
  const auto made = fit_k_means(data, options);
  return made ? "" : made.error().what;
}

/// Around 0, 100 and 300.
const training_data heaps{{{-1, 0, 1, 99, 101, 299, 300, 301}}, {}};

std::vector<double> sorted_centres(const clusters& of) {
  std::vector<double> made;
  for (const auto& centre : of.centres)
    made.push_back(centre[0]);
  std::sort(made.begin(), made.end());
  return made;
}

TEST(k_means_test, finds_heaps_that_lie_apart) {
  const auto made = fit_k_means(heaps, {.n_clusters = 3});
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(sorted_centres(*made), (std::vector<double>{0, 100, 300}));
  EXPECT_DOUBLE_EQ(made->inertia, 6);
}

TEST(k_means_test, finds_them_far_from_0_too) {
  auto data = heaps;
  for (auto& x : data.features[0])
    x += 1e9;
  EXPECT_EQ(sorted_centres(*fit_k_means(data, {.n_clusters = 3})), (std::vector<double>{1e9, 1e9 + 100, 1e9 + 300}));
}

TEST(k_means_test, weighs_rows) {
  auto data = heaps;
  data.weights = {3, 0, 1, 1, 1, 1, 1, 1};
  EXPECT_EQ(sorted_centres(*fit_k_means(data, {.n_clusters = 3})), (std::vector<double>{-0.5, 100, 300}));
}

TEST(k_means_test, makes_the_same_of_the_same_seed) {
  for (const auto seed : {1u, 2u}) {
    const k_means_options options{.n_clusters = 4, .random_state = seed};
    EXPECT_EQ(fit_k_means(heaps, options)->centres, fit_k_means(heaps, options)->centres);
  }
}

TEST(k_means_test, makes_the_same_with_any_number_of_threads) {
  training_data data{std::vector<std::vector<double>>(2), {}};
  for (std::size_t r = 0; r < 10'000; ++r) {
    data.features[0].push_back(std::sin(static_cast<double>(r)));
    data.features[1].push_back(std::cos(static_cast<double>(7 * r)));
  }
  EXPECT_EQ(fit_k_means(data, {.threads = 1})->centres, fit_k_means(data, {.threads = 3})->centres);
}

TEST(k_means_test, takes_as_many_clusters_as_there_are_rows) {
  const auto made = fit_k_means(heaps, {.n_clusters = 8});
  EXPECT_EQ(made->inertia, 0);
  EXPECT_EQ(sorted_centres(*made), heaps.features[0]);
}

TEST(k_means_test, keeps_clusters_that_no_row_is_left_for) {
  const training_data same{{{5, 5, 5}}, {}};
  const auto made = fit_k_means(same, {.n_clusters = 3});
  ASSERT_TRUE(made) << made.error().text();
  EXPECT_EQ(sorted_centres(*made), (std::vector<double>{5, 5, 5}));
}

TEST(k_means_test, says_what_it_cannot_do) {
  EXPECT_EQ(problem(heaps, {.n_clusters = 9}), "there are 8 rows for 9 clusters");
  EXPECT_EQ(problem(heaps, {.n_clusters = 0}), "n_clusters must be at least 1");
  EXPECT_EQ(problem(heaps, {.n_init = 0}), "n_init must be from 1 to 100000");
  EXPECT_EQ(problem(heaps, {.max_iter = 0}), "max_iter must be at least 1");
  auto data = heaps;
  data.features[0][2] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(problem(data, {}), "feature 0 of row 2 is missing");
}

} // namespace
} // namespace weir::models
