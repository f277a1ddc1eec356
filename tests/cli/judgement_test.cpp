#include "cli/judgement.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace weir::cli {
namespace {

/// Values with an error of 1, in slices of 1 to `slices` rows.
judged_rows values_in(std::size_t slices) {
  judged_rows rows;
  for (std::size_t slice = 0; slice < slices; ++slice) {
    rows.slices.push_back("s" + std::to_string(slice));
    for (std::size_t i = 0; i <= slice; ++i) {
      rows.truth.push_back(static_cast<double>(i));
      rows.predicted.push_back(static_cast<double>(i) + 1);
      rows.slice_of.push_back(slice);
    }
  }
  return rows;
}

double value_of(const metrics& measured, std::string_view name) {
  for (const auto& one : measures_of(measured))
    if (one.name == name)
      return one.value;
  return std::nan("");
}

TEST(judgement_test, shows_the_largest_slices_first_and_not_more_than_fifty) {
  const auto judged = judge_model(values_in(53), 0, 0);
  ASSERT_EQ(judged.slices.size(), 50u);
  EXPECT_EQ(judged.other_slices, 3u);
  EXPECT_EQ(judged.slices.front().value, "s52");
  EXPECT_EQ(judged.slices.front().rows, 53u);
  EXPECT_EQ(judged.slices.back().rows, 4u);
  EXPECT_EQ(value_of(judged.slices.back().measured, "rmse"), 1);
  EXPECT_TRUE(judged.intervals.empty());
}

TEST(judgement_test, has_an_interval_for_each_measure) {
  auto rows = values_in(20);
  rows.predicted.front() += 5;
  const auto judged = judge_model(rows, 100, 1);
  const auto measures = measures_of(judged.measured);
  ASSERT_EQ(judged.intervals.size(), measures.size());
  for (std::size_t i = 0; i < measures.size(); ++i) {
    EXPECT_LE(judged.intervals[i].low, measures[i].value) << measures[i].name;
    EXPECT_GE(judged.intervals[i].high, measures[i].value) << measures[i].name;
  }
}

TEST(judgement_test, measures_classes_in_slices_too) {
  judged_rows rows;
  rows.labels = {"no", "yes"};
  rows.true_class = {0, 1, 0, 1};
  rows.predicted_class = {0, 1, 1, 1};
  rows.probabilities = {{0.9, 0.2, 0.4, 0.1}, {0.1, 0.8, 0.6, 0.9}};
  rows.slices = {"a", "b"};
  rows.slice_of = {0, 0, 1, 1};
  const auto judged = judge_model(rows, 0, 0);
  EXPECT_EQ(value_of(judged.measured, "accuracy"), 0.75);
  EXPECT_EQ(value_of(judged.slices[0].measured, "accuracy"), 1);
  EXPECT_EQ(value_of(judged.slices[1].measured, "accuracy"), 0.5);
  EXPECT_EQ(main_measures(judged.measured).size(), 3u);
}

} // namespace
} // namespace weir::cli
