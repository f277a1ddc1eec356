#include "models/imputation.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace weir::models {
namespace {

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();

double fill(std::string_view how, const std::vector<double>& values, bool are_codes = false) {
  const auto read = read_imputation("x", how);
  EXPECT_TRUE(read) << how;
  return fill_of(*read, values, are_codes);
}

TEST(imputation_test, is_learned_from_the_values_that_are_there) {
  const std::vector<double> values{4, nan, 1, 1, nan, 10};
  EXPECT_EQ(fill("mean", values), 4);
  EXPECT_EQ(fill("median", values), 2.5);
  EXPECT_EQ(fill("most_frequent", values), 1);
  EXPECT_EQ(fill("-0.5", values), -0.5);
  EXPECT_EQ(fill("median", {nan, 3, 7, 5}), 5);
}

TEST(imputation_test, takes_the_least_of_the_most_frequent_ones) {
  EXPECT_EQ(fill("most_frequent", {7, 2, 7, 2, 9}), 2);
}

TEST(imputation_test, of_texts_takes_the_most_frequent_one_whatever_numbers_get) {
  EXPECT_EQ(fill("median", {0, 3, 3, 1, nan}, true), 3);
}

TEST(imputation_test, has_nothing_where_nothing_is_there) {
  EXPECT_TRUE(std::isnan(fill("mean", {nan, nan})));
  EXPECT_TRUE(std::isnan(fill("median", {})));
  EXPECT_EQ(fill("3", {nan}), 3);
}

TEST(imputation_test, holds_its_value_as_a_float_as_the_file_does) {
  EXPECT_EQ(fill("0.1", {}), static_cast<double>(0.1f));
  EXPECT_EQ(fill("mean", {0.1, 0.2}), static_cast<double>(static_cast<float>(0.1 / 2 + 0.2 / 2)));
}

TEST(imputation_test, reads_what_it_writes) {
  for (const auto* text : {"median", "Age:mean,Rooms:0,most_frequent", "a:b:1.5"}) {
    const auto read = read_imputations(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(text_of(*read), text);
  }
  const auto read = *read_imputations("Age:mean,median");
  EXPECT_EQ(find_imputation(read, "Age")->by, imputation_strategy::mean);
  EXPECT_EQ(find_imputation(read, "Rooms")->by, imputation_strategy::median);
  EXPECT_EQ(find_imputation(*read_imputations("Age:mean"), "Rooms"), nullptr);
}

TEST(imputation_test, says_what_it_does_not_know) {
  for (const auto* text : {"average", "Age:", "Age:mean,Age:0", "mean,0", "inf", "1e300", "Age:mode"})
    EXPECT_FALSE(read_imputations(text)) << text;
}

} // namespace
} // namespace weir::models
