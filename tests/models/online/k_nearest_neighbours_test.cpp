#include "models/online/k_nearest_neighbours.hpp"

#include "tests/models/online/outlier_fixture.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace weir::models::online {
namespace {

using test::normal_rows;
using test::numbers;
using test::trained;

/// The same, written down as it is said.
std::vector<double> said_plainly(const numbers& of, const nearest_neighbours_options& how) {
  const auto value = [&](std::size_t row, std::size_t f) { return of.rows[row * of.inputs + f]; };
  std::vector<double> deviations(of.inputs), distances, scores;
  for (std::size_t i = 0; i < of.size(); ++i) {
    scores.push_back(std::numeric_limits<double>::quiet_NaN());
    if (i < how.window_size)
      continue;
    if (i == how.window_size || i % (how.window_size / 8) == 0)
      for (std::size_t f = 0; f < of.inputs; ++f) {
        double mean = 0, variance = 0;
        for (auto k = i - how.window_size; k < i; ++k)
          mean += value(k, f) / how.window_size;
        for (auto k = i - how.window_size; k < i; ++k)
          variance += (value(k, f) - mean) * (value(k, f) - mean) / how.window_size;
        deviations[f] = std::sqrt(variance);
      }
    std::vector<double> all;
    for (auto k = i - how.window_size; k < i; ++k) {
      double sum = 0;
      for (std::size_t f = 0; f < of.inputs; ++f)
        sum += std::pow((value(i, f) - value(k, f)) / deviations[f], 2);
      all.push_back(std::sqrt(sum));
    }
    std::ranges::sort(all);
    double distance = 0;
    for (std::size_t k = 0; k < how.n_neighbors; ++k)
      distance += all[k] / how.n_neighbors;
    if (distances.size() >= how.calibration_size) {
      const std::span latest{distances.end() - how.calibration_size, distances.end()};
      const auto as_large = std::ranges::count_if(latest, [&](double d) { return d >= distance; });
      const auto own = as_large == 0 ? *std::ranges::max_element(latest) / distance : 1;
      scores.back() = 1 - (static_cast<double>(as_large) + own) / (how.calibration_size + 1);
    }
    distances.push_back(distance);
  }
  return scores;
}

TEST(k_nearest_neighbours_test, say_what_the_definition_says) {
  for (const nearest_neighbours_options how : {nearest_neighbours_options{},
                                               {.n_neighbors = 1, .window_size = 64, .calibration_size = 100},
                                               {.n_neighbors = 27, .window_size = 100, .calibration_size = 32}}) {
    const auto stream = normal_rows(1200, 3, 21);
    const auto expected = said_plainly(stream, how);
    trained model{k_nearest_neighbours(3, how)};
    model.learn_without_checks(stream);
    for (std::size_t i = 0; i < stream.size(); ++i)
      if (std::isnan(expected[i])) {
        ASSERT_TRUE(std::isnan(model.predicted[i])) << i;
      } else {
        ASSERT_NEAR(model.predicted[i], expected[i], 1e-9) << i;
      }
  }
}

TEST(k_nearest_neighbours_test, few_rows_have_a_high_score_where_nothing_changes) {
  const auto stream = normal_rows(10'000, 2, 22);
  trained model{k_nearest_neighbours(2, {})};
  model.learn_without_checks(stream);
  for (const auto bound : {0.9, 0.95, 0.99}) {
    const auto above = static_cast<double>(std::ranges::count_if(model.predicted, [&](double s) { return s > bound; }));
    const auto share = above / (10'000 - 512);
    EXPECT_LT(share, 1.1 * (1 - bound)) << bound;
    EXPECT_GT(share, 0.9 * (1 - bound - 1.0 / 257)) << bound; // p is a multiple of this
  }
}

TEST(k_nearest_neighbours_test, rows_beyond_all_others_differ) {
  auto stream = normal_rows(1002, 2, 23);
  stream.rows[2 * 1000] = 20;
  stream.rows[2 * 1001] = 40;
  trained model{k_nearest_neighbours(2, {})};
  model.learn_without_checks(stream);
  EXPECT_GT(model.predicted[1000], 0.996);
  EXPECT_GT(model.predicted[1001], 0.996);
  EXPECT_LT(model.predicted[1001], 1);
}

TEST(k_nearest_neighbours_test, another_value_of_a_constant_input_is_far_away) {
  auto stream = normal_rows(1000, 2, 24);
  for (std::size_t i = 0; i < stream.size(); ++i)
    stream.rows[2 * i + 1] = i == 900 ? 230.001 : 230;
  trained model{k_nearest_neighbours(2, {})};
  model.learn_without_checks(stream);
  EXPECT_EQ(test::most_unusual(model.predicted), 900u);
}

} // namespace
} // namespace weir::models::online
