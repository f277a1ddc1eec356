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

TEST(distribution_test, counts_values_in_bins_between_deciles) {
  std::vector<double> values;
  for (int i = 0; i < 1000; ++i)
    values.push_back(i);
  const auto even = describe(values);
  EXPECT_EQ(even.edges.size(), 9u);
  EXPECT_EQ(even.counts, std::vector<std::uint64_t>(10, 100));

  const auto repeated = describe(std::vector<double>{1, 1, 1, 1, 1, 1, 2, 2, 2, 7});
  EXPECT_EQ(repeated.edges, (std::vector<double>{2, 7}));
  EXPECT_EQ(repeated.counts, (std::vector<std::uint64_t>{6, 3, 1}));

  const auto single = describe(std::vector<double>{7, NAN, 7});
  EXPECT_EQ(single.edges.size(), 2u);
  EXPECT_EQ(single.counts, (std::vector<std::uint64_t>{0, 2, 0}));
  EXPECT_TRUE(describe(std::vector<double>{NAN}).counts.empty());
}

} // namespace
} // namespace weir::models
