#include "core/cluster/contest_rules.hpp"
#include "core/cluster/prediction_drift.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace weir::core {
namespace {

chosen_model challenger_of_file() {
  chosen_model model;
  model.step = "risk";
  model.role = model_role::challenger;
  model.path = "/m/new.onnx";
  model.digest = "0123456789";
  model.named = "new.onnx";
  model.canary = 0.1;
  return model;
}

contest_rule rule_of(const std::string& condition, bool promotes, std::uint64_t over = 100) {
  return {"risk", promotes,   condition,           *expression::bind(contest_columns(), condition),
          over,   "old.onnx", challenger_of_file()};
}

/// A champion with an error of 2 and a challenger with one of 1 each time, over so many records.
contest_figures better_challenger(std::uint64_t rows) {
  contest_figures figures;
  const auto count = static_cast<double>(rows);
  figures.champion = {rows, 0, 1000 * rows, rows, 0, 2 * count, 4 * count};
  figures.challenger = {rows, rows / 10, 3000 * rows, rows, 0, count, count};
  figures.compared = rows;
  figures.different = rows / 2;
  figures.absolute_difference = count;
  return figures;
}

TEST(contest_rules_test, promote_a_challenger_that_is_better_over_enough_records) {
  const auto rule = rule_of("challenger.rmse < 0.95 * champion.rmse", true);
  EXPECT_FALSE(judge(rule, {}, better_challenger(99)));
  const auto made = judge(rule, {}, better_challenger(100));
  ASSERT_TRUE(made);
  ASSERT_EQ(made->wish.models.size(), 2u);
  EXPECT_EQ(made->wish.models[0].role, model_role::challenger);
  EXPECT_EQ(made->wish.models[0].path, "") << "it is no challenger any more";
  EXPECT_EQ(made->wish.models[1].role, model_role::champion);
  EXPECT_EQ(made->wish.models[1].path, "/m/new.onnx");
  EXPECT_EQ(made->wish.models[1].named, "old.onnx") << "it stands for that one";
  EXPECT_EQ(made->wish.models[1].canary, 0);
  EXPECT_EQ(made->summary, "infer.risk: the challenger '/m/new.onnx' (01234567) takes the champion's place: "
                           "challenger.rmse < 0.95 * champion.rmse");
  EXPECT_EQ(judge(rule, {}, better_challenger(200))->wish.id, made->wish.id) << "it is the same decision";
}

TEST(contest_rules_test, take_a_challenger_away_that_refuses_too_much) {
  const auto made = judge(rule_of("challenger.refused > 0.05", false), {}, better_challenger(1000));
  ASSERT_TRUE(made);
  ASSERT_EQ(made->wish.models.size(), 1u);
  EXPECT_EQ(made->wish.models[0].path, "");
  EXPECT_EQ(made->wish.models[0].role, model_role::challenger);
}

TEST(contest_rules_test, are_about_the_challenger_that_there_is) {
  const auto rule = rule_of("challenger.latency_us > 2", false);
  auto other = challenger_of_file();
  other.path = "/m/other.onnx";
  const auto made = judge(rule, {4, {other}}, better_challenger(1000));
  ASSERT_TRUE(made);
  EXPECT_NE(made->summary.find("/m/other.onnx"), std::string::npos);
  other.path.clear();
  EXPECT_FALSE(judge(rule, {5, {other}}, better_challenger(1000))) << "an operator has taken it away";
  auto without = rule;
  without.challenger.reset();
  EXPECT_FALSE(judge(without, {}, better_challenger(1000)));
}

TEST(contest_rules_test, a_rule_about_what_nobody_knows_is_not_true) {
  auto figures = better_challenger(1000);
  figures.champion.truths = figures.challenger.truths = 0;
  EXPECT_FALSE(judge(rule_of("challenger.rmse < champion.rmse", true), {}, figures));
  EXPECT_TRUE(judge(rule_of("disagreement >= 0.5 and difference = 1", true), {}, figures));
}

TEST(contest_rules_test, may_be_about_the_drift_of_what_is_predicted) {
  const auto rule = rule_of("prediction.drifts > 0 and prediction.drift_percent > 10", false);
  EXPECT_TRUE(is_about_drift(rule));
  EXPECT_FALSE(is_about_drift(rule_of("challenger.rows > 5", false)));
  drift_standing stream;
  stream.columns.resize(2);
  stream.columns[0].name = "Amount";
  stream.columns[0].is_drift = true;
  stream.columns[0].verdict.drift_percent = 50;
  stream.columns[1].name = "risk";
  const auto decision = [&] { return judge(rule, {}, better_challenger(1000), drift_of(stream, "risk")); };
  EXPECT_FALSE(decision());
  stream.columns[1].is_drift = true;
  stream.columns[1].verdict.drift_percent = 5;
  EXPECT_FALSE(decision());
  stream.columns[1].verdict.drift_percent = 15;
  ASSERT_TRUE(decision());
  EXPECT_NE(decision()->summary.find("is taken away: prediction.drifts > 0"), std::string::npos);
  EXPECT_FALSE(judge(rule, {}, better_challenger(1000), drift_of(stream, "other"))) << "nobody watches it";
  EXPECT_FALSE(judge(rule, {}, better_challenger(1000)));
}

TEST(contest_rules_test, each_column_has_its_value) {
  const auto values = contest_values(better_challenger(10));
  ASSERT_EQ(values.size(), contest_column_table().size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto name = contest_column_table()[i].name;
    if (name == "champion.rmse") {
      EXPECT_EQ(values[i], 2);
    } else if (name == "challenger.refused") {
      EXPECT_EQ(values[i], 0.1);
    } else if (name == "champion.latency_us") {
      EXPECT_EQ(values[i], 1);
    } else if (name == "disagreement") {
      EXPECT_EQ(values[i], 0.5);
    }
  }
  for (const auto value : contest_values({}))
    EXPECT_TRUE(value == 0 || std::isnan(value));
}

} // namespace
} // namespace weir::core
