#include "cli/paired_judgement.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace weir::cli {
namespace {

/// Predictions that are off by noise of that deviation, on all lines but every so many-th.
judged_rows rows_of(double deviation, std::size_t count, std::size_t left_out_each = 0) {
  judged_rows made;
  std::mt19937 truth{1};
  std::mt19937 noise{2};
  std::normal_distribution<double> draw;
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = 10 * draw(truth);
    const auto off = deviation * draw(noise);
    if (left_out_each != 0 && i % left_out_each == 0)
      continue;
    made.truth.push_back(value);
    made.predicted.push_back(value + off);
    made.lines.push_back(i + 2);
  }
  return made;
}

const paired_measure& measure_of(const paired_judgement& of, std::string_view name) {
  for (const auto& one : of.measures)
    if (one.name == name)
      return one;
  throw std::out_of_range{std::string{name}};
}

TEST(paired_judgement_test, says_how_far_predictions_are_apart) {
  auto first = rows_of(0, 4), second = rows_of(0, 4);
  second.predicted[1] += 3;
  second.predicted[3] -= 1;
  const auto apart = judge_pair(first, second, 0, 0)->apart;
  EXPECT_DOUBLE_EQ(apart.disagreement, 0.5);
  EXPECT_DOUBLE_EQ(apart.difference, 1);
  EXPECT_DOUBLE_EQ(apart.largest, 3);
  first.truth.clear();
  second.truth.clear();
  const auto without_truth = *judge_pair(first, second, 10, 0);
  EXPECT_DOUBLE_EQ(without_truth.apart.difference, 1);
  EXPECT_TRUE(without_truth.measures.empty());
}

TEST(paired_judgement_test, compares_labels_by_what_they_say) {
  judged_rows first, second;
  first.labels = {"no", "yes"};
  second.labels = {"yes", "no"};
  first.predicted_class = {0, 1, 1};
  second.predicted_class = {1, 0, 1};
  first.lines = second.lines = {2, 3, 4};
  const auto apart = judge_pair(first, second, 0, 0)->apart;
  EXPECT_DOUBLE_EQ(apart.disagreement, 1.0 / 3);
  EXPECT_TRUE(std::isnan(apart.difference));
}

TEST(paired_judgement_test, says_which_model_is_better_by_each_measure) {
  const auto judged = *judge_pair(rows_of(3, 300), rows_of(1, 300), 100, 0);
  EXPECT_EQ(judged.rows, 300u);
  const auto& mae = measure_of(judged, "mae");
  EXPECT_EQ(mae.better, better_model::second);
  EXPECT_NEAR(mae.first, 3 * mae.second, 1e-9);
  EXPECT_LT(mae.difference.high, 0);
  const auto& r2 = measure_of(judged, "r2");
  EXPECT_GT(r2.difference.low, 0);
  EXPECT_EQ(r2.better, better_model::second);
  const auto turned = *judge_pair(rows_of(1, 300), rows_of(3, 300), 100, 0);
  EXPECT_EQ(measure_of(turned, "r2").better, better_model::first);
  EXPECT_EQ(measure_of(turned, "mae").better, better_model::first);
}

TEST(paired_judgement_test, finds_no_difference_between_a_model_and_itself) {
  const auto rows = rows_of(2, 100);
  const auto judged = *judge_pair(rows, rows, 50, 0);
  for (const auto& one : judged.measures) {
    EXPECT_EQ(one.difference.low, 0) << one.name;
    EXPECT_EQ(one.difference.high, 0) << one.name;
    EXPECT_EQ(one.better, better_model::neither);
  }
}

TEST(paired_judgement_test, draws_the_same_rows_for_both) {
  // Apart, their intervals overlap widely: the rows differ by far more than the models do.
  auto first = rows_of(10, 200);
  auto second = first;
  for (std::size_t i = 0; i < second.rows(); ++i)
    second.predicted[i] = second.truth[i] + 1.02 * (second.predicted[i] - second.truth[i]);
  const auto mae = measure_of(*judge_pair(first, second, 200, 0), "mae");
  EXPECT_EQ(mae.better, better_model::first);
  EXPECT_LT(mae.difference.high - mae.difference.low, 0.1);
}

TEST(paired_judgement_test, compares_by_the_rows_that_both_have) {
  const auto all = rows_of(1, 120);
  const auto judged = *judge_pair(rows_of(1, 120, 3), rows_of(1, 120, 4), 0, 0);
  EXPECT_EQ(judged.rows, 60u);     // neither third nor fourth
  EXPECT_EQ(judged.left_out, 50u); // 80 + 90 - 2 * 60
  EXPECT_EQ(measure_of(judged, "mae").first, measure_of(judged, "mae").second);
  EXPECT_TRUE(std::isnan(measure_of(judged, "mae").difference.low));
  EXPECT_EQ(measure_of(judged, "mae").better, better_model::neither);
  judged_rows others = all;
  for (auto& line : others.lines)
    line += 1000;
  EXPECT_FALSE(judge_pair(all, others, 0, 0));
}

TEST(paired_judgement_test, compares_no_values_with_classes) {
  judged_rows classes;
  classes.labels = {"no", "yes"};
  classes.true_class = classes.predicted_class = {0, 1};
  classes.lines = {2, 3};
  EXPECT_FALSE(judge_pair(rows_of(1, 2), classes, 0, 0));
  const auto judged = *judge_pair(classes, classes, 0, 0);
  EXPECT_EQ(measure_of(judged, "accuracy").second, 1);
}

} // namespace
} // namespace weir::cli
