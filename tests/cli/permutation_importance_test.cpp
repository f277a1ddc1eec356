#include "cli/permutation_importance.hpp"

#include "tests/cli/sum_model.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace weir::cli {
namespace {

using test::sum_model;

/// Rows of the oracle, a, b, and the truth; `place` is constant, and nothing reads `name`.
judged_rows oracle_rows() {
  judged_rows rows;
  std::ifstream file{WEIR_SOURCE_DIR "/tests/data/evaluation/permutation.csv"};
  double a = 0, b = 0, y = 0;
  for (char comma = 0; file >> a >> comma >> b >> comma >> y;) {
    rows.sample.push_back({a, b, 1.0, "n" + std::to_string(rows.truth.size() % 7)});
    rows.sample_of.push_back(rows.truth.size());
    rows.truth.push_back(y);
    rows.true_class.push_back(y > 0 ? 1 : 0);
  }
  return rows;
}

/// `NAME MEAN SD BASELINE`, by name.
struct known_importance {
  double mean = 0;
  double sd = 0;
  double baseline = 0;
};
std::map<std::string, known_importance> oracle_importances() {
  std::map<std::string, known_importance> made;
  std::ifstream file{WEIR_SOURCE_DIR "/tests/data/evaluation/permutation.txt"};
  std::string name;
  for (known_importance one; file >> name >> one.mean >> one.sd >> one.baseline;)
    made[name] = one;
  return made;
}

/// Whether 2 * a + b is above 0.
class sign_model final : public models::model {
public:
  sign_model() : model{meaning_of(), {"sign", {}}} {}

  std::size_t block_rows() const noexcept override { return 5; }

  void predict(const void* const* features, std::size_t rows, const void** columns) const override {
    for (std::size_t i = 0; i < rows; ++i)
      labels_[i] = 2 * static_cast<const float*>(features[0])[i] + static_cast<const float*>(features[1])[i] > 0;
    columns[0] = labels_;
  }

private:
  static models::model_meaning meaning_of() {
    models::model_meaning made;
    made.features = {{"a"}, {"b"}, {"place"}, {"name", models::element::text}};
    made.has_names = true;
    made.outputs = {{"label", models::element::i64, 1,
                     std::make_shared<const models::class_labels>(std::vector<std::int64_t>{0, 1})}};
    return made;
  }

  mutable std::int64_t labels_[5] = {};
};

/// The means are within four standard errors of their difference.
void expect_those_of_scikit_learn(const permutation_importances& made, const std::string& prefix) {
  const auto known = oracle_importances();
  ASSERT_EQ(made.features.size(), 4u);
  EXPECT_EQ(made.features[0].feature, "a");
  EXPECT_EQ(made.features[1].feature, "b");
  for (const auto& one : made.features) {
    const auto& of = known.at(prefix + one.feature);
    EXPECT_NEAR(made.baseline, of.baseline, 1e-6);
    EXPECT_NEAR(one.mean, of.mean, 4 * of.sd * std::sqrt(2.0 / static_cast<double>(made.repeats))) << one.feature;
    EXPECT_NEAR(one.sd, of.sd, 0.25 * of.sd) << one.feature;
  }
}

TEST(permutation_importance_test, is_that_of_scikit_learn) {
  const auto rows = oracle_rows();
  ASSERT_EQ(rows.truth.size(), 300u);
  const auto made = permute_features(sum_model{}, rows, 1000, 200, 0);
  EXPECT_EQ(made.measure, "r2");
  EXPECT_EQ(made.rows, 300u);
  expect_those_of_scikit_learn(made, "r2:");
}

TEST(permutation_importance_test, is_that_of_scikit_learn_for_classes) {
  auto rows = oracle_rows();
  rows.labels = {"0", "1"};
  rows.truth.clear();
  const auto made = permute_features(sign_model{}, rows, 1000, 200, 0);
  EXPECT_EQ(made.measure, "accuracy");
  expect_those_of_scikit_learn(made, "accuracy:");
}

TEST(permutation_importance_test, is_nothing_where_shuffling_changes_nothing) {
  const auto made = permute_features(sum_model{}, oracle_rows(), 1000, 5, 3);
  for (const auto& one : made.features)
    if (one.feature == "place" || one.feature == "name") {
      EXPECT_EQ(one.mean, 0) << one.feature;
      EXPECT_EQ(one.sd, 0) << one.feature;
    }
}

TEST(permutation_importance_test, follows_its_seed_and_takes_no_more_rows_than_it_may) {
  const auto rows = oracle_rows();
  const auto mean_of_a = [&](std::size_t most_rows, std::uint64_t seed) {
    const auto made = permute_features(sum_model{}, rows, most_rows, 5, seed);
    EXPECT_EQ(made.rows, std::min<std::size_t>(most_rows, 300));
    return made.features.front().mean;
  };
  EXPECT_EQ(mean_of_a(300, 1), mean_of_a(300, 1));
  EXPECT_NE(mean_of_a(300, 1), mean_of_a(300, 2));
  EXPECT_NE(mean_of_a(100, 1), mean_of_a(300, 1));
  EXPECT_EQ(permute_features(sum_model{}, rows, 300, 2'000, 0).rows, 125u); // 4 features: a million predictions
  EXPECT_TRUE(permute_features(sum_model{}, judged_rows{}, 300, 5, 0).features.empty());
}

TEST(permutation_importance_test, cannot_be_told_where_the_truth_does_not_vary) {
  auto rows = oracle_rows();
  std::fill(rows.truth.begin(), rows.truth.end(), 1.0);
  const auto made = permute_features(sum_model{}, rows, 1000, 5, 0);
  EXPECT_TRUE(std::isnan(made.baseline));
  EXPECT_TRUE(std::isnan(made.features.front().mean));
}

} // namespace
} // namespace weir::cli
