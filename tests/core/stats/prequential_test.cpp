#include "core/stats/class_agreement.hpp"
#include "core/stats/prequential.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <random>
#include <vector>

namespace weir::core {
namespace {

TEST(prequential_test, errors_of_a_regressor_are_those_of_all_records_and_of_the_recent_ones) {
  regression_errors errors{};
  EXPECT_EQ(errors.mae(), 0);
  EXPECT_EQ(errors.recent_rmse(), 0);
  std::mt19937 random{1};
  std::normal_distribution<double> normal;
  double absolute = 0, squares = 0, faded_absolute = 0, faded_squares = 0, weight = 0;
  for (int i = 0; i < 5000; ++i) {
    const auto error = (i < 4000 ? 1 : 5) * normal(random);
    errors.add(error);
    absolute += std::abs(error);
    squares += error * error;
    faded_absolute = 0.999 * faded_absolute + std::abs(error);
    faded_squares = 0.999 * faded_squares + error * error;
    weight = 0.999 * weight + 1;
  }
  EXPECT_NEAR(errors.mae(), absolute / 5000, 1e-9);
  EXPECT_NEAR(errors.rmse(), std::sqrt(squares / 5000), 1e-9);
  EXPECT_NEAR(errors.recent_mae(), faded_absolute / weight, 1e-9);
  EXPECT_NEAR(errors.recent_rmse(), std::sqrt(faded_squares / weight), 1e-9);
  EXPECT_GT(errors.recent_mae(), 1.5 * errors.mae());
}

TEST(prequential_test, an_error_that_is_not_finite_is_left_out) {
  regression_errors errors{};
  for (const auto error :
       {1.0, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(), 1e200})
    errors.add(error);
  EXPECT_EQ(errors.count, 1u);
  EXPECT_EQ(errors.mae(), 1);
}

TEST(prequential_test, kappa_is_that_of_a_known_table) {
  // Cohen's kappa of [[20, 5], [10, 15]] is 0.4
  std::vector<double> state(class_agreement::words(2));
  class_agreement agreement{state};
  EXPECT_EQ(agreement.kappa(), 0);
  const int table[2][2]{{20, 5}, {10, 15}};
  for (std::size_t truth = 0; truth < 2; ++truth)
    for (std::size_t said = 0; said < 2; ++said)
      for (int i = 0; i < table[truth][said]; ++i)
        agreement.add(truth, said);
  EXPECT_NEAR(agreement.accuracy(), 0.7, 1e-12);
  EXPECT_NEAR(agreement.kappa(), 0.4, 1e-12);
}

TEST(prequential_test, recent_agreement_follows_a_change) {
  std::vector<double> state(class_agreement::words(3));
  class_agreement agreement{state};
  for (std::size_t i = 0; i < 10'000; ++i)
    agreement.add(i % 3, i % 3);
  EXPECT_NEAR(agreement.recent_kappa(), 1, 1e-9);
  for (std::size_t i = 0; i < 3000; ++i)
    agreement.add(i % 3, (i + 1) % 3);
  EXPECT_LT(agreement.recent_accuracy(), 0.06);
  EXPECT_NEAR(agreement.accuracy(), 10.0 / 13, 1e-9);
  EXPECT_LT(agreement.recent_kappa(), -0.4);
}

} // namespace
} // namespace weir::core
