#include "tests/models/model_fixture.hpp"

#include "models/evaluation.hpp"
#include "models/forest.hpp"
#include "models/trees/forest_trainer.hpp"

#include <cmath>
#include <numeric>
#include <random>

namespace weir::models {
namespace {

class forest_trainer_test : public model_fixture {
protected:
  static training_data load_training() {
    const auto rows = table("training.csv");
    training_data data;
    const auto features = rows.front().size() - 1;
    const auto columns = columns_of(rows, features);
    for (std::size_t f = 0; f < features; ++f)
      data.features.emplace_back(columns.begin() + static_cast<std::ptrdiff_t>(f * rows.size()),
                                 columns.begin() + static_cast<std::ptrdiff_t>((f + 1) * rows.size()));
    for (const auto& row : rows)
      data.target.push_back(std::stod(row.back()));
    return data;
  }

  static training_data pick(const training_data& from, const std::vector<std::size_t>& rows) {
    training_data made;
    for (const auto& feature : from.features) {
      made.features.emplace_back();
      for (const auto r : rows)
        made.features.back().push_back(feature[r]);
    }
    for (const auto r : rows)
      made.target.push_back(from.target[r]);
    return made;
  }

  static std::vector<double> predict(const trained_trees& made, const training_data& data) {
    std::vector<std::vector<float>> features;
    std::vector<const float*> columns;
    for (const auto& feature : data.features)
      features.emplace_back(feature.begin(), feature.end());
    for (const auto& feature : features)
      columns.push_back(feature.data());
    std::vector<double> sums(data.rows());
    auto* into = sums.data();
    forest::make(made.trees)->predict(columns.data(), data.rows(), &into);
    return sums;
  }

  static std::string problem(const training_data& data, const forest_options& options = {}) {
    const auto trained = train_forest(data, options);
    return trained ? "" : trained.error().what;
  }

  /// y = x, a row for each of 0, 1, ...
  static training_data line(std::size_t rows) {
    training_data data{{std::vector<double>(rows)}, std::vector<double>(rows)};
    std::iota(data.features[0].begin(), data.features[0].end(), 0.0);
    std::iota(data.target.begin(), data.target.end(), 0.0);
    return data;
  }
};

TEST_F(forest_trainer_test, learns_about_as_well_as_scikit_learn) {
  const auto data = load_training();
  const auto expected = std::stod(bytes_of("training_r2.txt"));
  double sum = 0;
  for (std::size_t fold = 0; fold < 5; ++fold) {
    std::vector<std::size_t> train, test;
    for (std::size_t r = 0; r < data.rows(); ++r)
      (r % 5 == fold ? test : train).push_back(r);
    const auto trees = train_forest(pick(data, train), {.n_estimators = 50, .random_state = 1});
    ASSERT_TRUE(trees) << trees.error().text();
    const auto unseen = pick(data, test);
    sum += evaluate(unseen.target, predict(*trees, unseen)).r2;
  }
  EXPECT_NEAR(sum / 5, expected, 0.02);
}

TEST_F(forest_trainer_test, makes_the_same_forest_with_any_number_of_threads) {
  const auto data = load_training();
  const forest_options one{.n_estimators = 7, .max_features = "0.5", .random_state = 3, .threads = 1};
  auto three = one;
  three.threads = 3;
  auto other_seed = one;
  other_seed.random_state = 4;
  const auto made = predict(*train_forest(data, one), data);
  EXPECT_EQ(made, predict(*train_forest(data, three), data));
  EXPECT_NE(made, predict(*train_forest(data, other_seed), data));
}

TEST_F(forest_trainer_test, learns_by_heart_without_bootstrap_and_limits) {
  const auto data = line(200);
  const auto trees = train_forest(data, {.n_estimators = 1, .max_depth = 0, .bootstrap = false});
  const auto made = predict(*trees, data);
  for (std::size_t r = 0; r < data.rows(); ++r)
    EXPECT_NEAR(made[r], data.target[r], 1e-4);
}

TEST_F(forest_trainer_test, splits_half_way_between_values) {
  training_data data{{{1, 1, 2, 2, 10, 10}}, {5, 5, 5, 5, 9, 9}};
  const auto trees = *train_forest(data, {.n_estimators = 1, .bootstrap = false});
  ASSERT_EQ(trees.trees.trees[0].size(), 3u);
  EXPECT_EQ(trees.trees.trees[0][0].threshold, 6);
}

TEST_F(forest_trainer_test, keeps_neighbouring_floats_apart) {
  const auto above = static_cast<double>(std::nextafter(1.f, 2.f));
  training_data data{{{1, above}}, {0, 1}};
  const auto trees = *train_forest(data, {.n_estimators = 1, .bootstrap = false});
  EXPECT_EQ(predict(trees, data), data.target);
}

TEST_F(forest_trainer_test, keeps_to_depth_and_size_of_leaves) {
  const auto data = line(1000);
  const auto flat = *train_forest(data, {.n_estimators = 1, .max_depth = 2, .bootstrap = false});
  EXPECT_EQ(flat.trees.trees[0].size(), 7u);
  const auto coarse =
      *train_forest(data, {.n_estimators = 1, .max_depth = 0, .min_samples_leaf = 400, .bootstrap = false});
  EXPECT_EQ(coarse.trees.trees[0].size(), 3u);
  const auto whole = *train_forest(data, {.n_estimators = 1, .min_samples_split = 1001, .bootstrap = false});
  EXPECT_EQ(whole.trees.trees[0].size(), 1u);
}

TEST_F(forest_trainer_test, is_right_at_a_large_offset) {
  auto data = line(100);
  for (auto& y : data.target)
    y += 1e9;
  const auto trees = train_forest(data, {.n_estimators = 1, .max_depth = 0, .bootstrap = false});
  EXPECT_GT(trees->trees.trees[0].size(), 150u);
}

TEST_F(forest_trainer_test, says_what_it_cannot_learn_from) {
  auto data = line(10);
  data.features[0][3] = 1e300;
  EXPECT_EQ(problem(data), "feature 0 of row 3 is not a finite float32");
  data = line(10);
  data.target[4] = std::numeric_limits<double>::infinity();
  EXPECT_EQ(problem(data), "the target of row 4 is not finite");
  EXPECT_EQ(problem({}), "there are no rows to learn from");
  data = line(10);
  data.features[0].pop_back();
  EXPECT_EQ(problem(data), "there are 10 targets for 9 rows");
  EXPECT_EQ(problem(line(10), {.n_estimators = 0}), "n_estimators must be from 1 to 100000");
  EXPECT_EQ(problem(line(10), {.max_features = "some"}),
            "max_features must be above 0 and at most 1, 'sqrt' or 'log2'");
}

TEST(evaluation_test, deals_out_every_row_once) {
  const auto split = split_rows(11, 0.2, 1);
  EXPECT_EQ(split.test.size(), 3u);
  EXPECT_EQ(split.train.size(), 8u);
  std::vector<int> seen(11);
  for (const auto r : split.train)
    ++seen[r];
  for (const auto r : split.test)
    ++seen[r];
  EXPECT_EQ(seen, std::vector<int>(11, 1));
  EXPECT_EQ(split.test, split_rows(11, 0.2, 1).test);
  EXPECT_NE(split.train, split_rows(11, 0.2, 2).train);
}

TEST(evaluation_test, measures_the_error) {
  const std::vector<double> truth{1, 2, 3, 4}, predicted{1, 2, 3, 6};
  const auto m = evaluate(truth, predicted);
  EXPECT_DOUBLE_EQ(m.mae, 0.5);
  EXPECT_DOUBLE_EQ(m.rmse, 1);
  EXPECT_DOUBLE_EQ(m.r2, 0.2);
  EXPECT_TRUE(std::isnan(evaluate(std::vector<double>{1, 1}, std::vector<double>{1, 2}).r2));
}

TEST(ordinal_encoder_test, counts_categories_in_the_order_of_their_bytes) {
  const auto encoder = ordinal_encoder::fit("Device", {"web", "atm", "web", "", "pos"});
  EXPECT_EQ(encoder.categories, (std::vector<std::string>{"", "atm", "pos", "web"}));
  EXPECT_EQ(encoder.transform("pos"), 2u);
  EXPECT_EQ(encoder.transform("mobile"), std::nullopt);
}

} // namespace
} // namespace weir::models
