#include "models/distribution.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace weir::models {
namespace {

TEST(distribution_test, says_where_numbers_are_and_how_far_they_spread) {
  const auto made = describe(std::vector<double>{5, 1, std::nan(""), 3, 2, 4});
  EXPECT_EQ(made.count, 5u);
  EXPECT_DOUBLE_EQ(made.missing, 1.0 / 6);
  EXPECT_DOUBLE_EQ(made.mean, 3);
  EXPECT_DOUBLE_EQ(made.deviation, std::sqrt(2.5));
  EXPECT_EQ(made.quantiles.front(), 1);
  EXPECT_DOUBLE_EQ(made.quantiles[1], 1.4); // as numpy.quantile
  EXPECT_EQ(made.quantiles[5], 3);
  EXPECT_EQ(made.quantiles.back(), 5);
}

TEST(distribution_test, keeps_its_digits_at_a_large_offset) {
  const auto made = describe(std::vector<double>{1e9 + 1, 1e9 + 2, 1e9 + 3});
  EXPECT_DOUBLE_EQ(made.mean, 1e9 + 2);
  EXPECT_DOUBLE_EQ(made.deviation, 1);
}

TEST(distribution_test, of_nothing_and_of_one_number) {
  EXPECT_EQ(describe({}).count, 0u);
  EXPECT_EQ(describe(std::vector<double>{std::nan("")}).missing, 1);
  EXPECT_EQ(describe(std::vector<double>{7}).deviation, 0);
  EXPECT_EQ(describe(std::vector<double>{7}).quantiles[3], 7);
}

} // namespace
} // namespace weir::models
