#include "models/categories.hpp"

#include "models/evaluation.hpp"
#include "models/forest.hpp"
#include "models/kinds/prepared_training.hpp"
#include "models/onnx/reader.hpp"
#include "models/plain_trees.hpp"
#include "tests/models/scoring.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <random>
#include <sstream>

namespace weir::models {
namespace {

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();

std::vector<std::vector<double>> columns_of(const std::string& name) {
  std::ifstream file{WEIR_SOURCE_DIR "/tests/data/training/" + name};
  std::vector<std::vector<double>> columns;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && std::isalpha(static_cast<unsigned char>(line.front())))
      continue;
    std::istringstream fields{line};
    std::size_t at = 0;
    for (std::string field; std::getline(fields, field, ','); ++at) {
      if (columns.size() <= at)
        columns.emplace_back();
      columns[at].push_back(std::stod(field));
    }
  }
  return columns;
}

training_data categories_table(bool classify) {
  auto columns = columns_of("categories.csv");
  training_data data;
  data.target = columns.back();
  columns.pop_back();
  data.features = std::move(columns);
  data.feature_names = {"category", "a", "b"};
  if (!classify)
    return data;
  auto sorted = data.target;
  std::sort(sorted.begin(), sorted.end());
  const auto median = (sorted[sorted.size() / 2 - 1] + sorted[sorted.size() / 2]) / 2;
  for (auto& y : data.target)
    y = y > median ? 1 : 0;
  data.labels = std::make_shared<const class_labels>(std::vector<std::int64_t>{0, 1});
  return data;
}

std::vector<std::vector<std::string>> texts_of(const training_data& data) {
  std::vector<std::vector<std::string>> rows(data.rows());
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (const auto& feature : data.features)
      rows[i].push_back(std::isnan(feature[i]) ? "nan" : std::to_string(feature[i]));
  return rows;
}

model_ptr learn(const model_kind& kind, const training_data& data, const std::vector<std::string>& categories,
                const option_texts& options = {}) {
  const auto made = train_prepared(kind, data, {.categories = categories}, 1, options);
  EXPECT_TRUE(made) << made.error().text();
  auto model = read_onnx(made->file);
  EXPECT_TRUE(model) << model.error().text();
  return *model;
}

std::vector<double> predicted(const model& of, const std::vector<std::vector<std::string>>& rows) {
  const auto& meaning = of.meaning();
  const auto column =
      meaning.probabilities ? of.first_column(*meaning.probabilities) + 1 : of.first_column(meaning.prediction);
  return test::score(of, rows).numbers[column];
}

training_data rows_of(const training_data& from, const std::vector<std::size_t>& rows) {
  auto made = from;
  made.target.clear();
  for (auto& feature : made.features)
    feature.clear();
  for (const auto row : rows) {
    made.target.push_back(from.target[row]);
    for (std::size_t f = 0; f < from.features.size(); ++f)
      made.features[f].push_back(from.features[f][row]);
  }
  return made;
}

/// R2, of classes ROC AUC: the mean over five folds.
double measured(const model_kind& kind, const training_data& data, const std::vector<std::string>& categories) {
  double sum = 0;
  for (std::size_t fold = 0; fold < 5; ++fold) {
    std::vector<std::size_t> learning, testing;
    for (std::size_t i = 0; i < data.rows(); ++i)
      (i % 5 == fold ? testing : learning).push_back(i);
    const auto test = rows_of(data, testing);
    const auto made = predicted(*learn(kind, rows_of(data, learning), categories), texts_of(test));
    if (data.labels == nullptr) {
      sum += evaluate(test.target, made).r2 / 5;
      continue;
    }
    std::vector<std::size_t> truth(test.target.begin(), test.target.end()), label(truth.size());
    std::vector<std::vector<double>> probabilities(2);
    for (const auto p : made) {
      probabilities[0].push_back(1 - p);
      probabilities[1].push_back(p);
    }
    sum += evaluate_classes(truth, label, 2, probabilities).roc_auc / 5;
  }
  return sum;
}

TEST(categories_test, boosting_learns_them_as_well_as_scikit_learn) {
  const auto scores = columns_of("category_scores.csv");
  EXPECT_GT(measured(kinds::gradient_boosting, categories_table(false), {"category"}), scores[0][0] - 0.01);
  EXPECT_GT(measured(kinds::gradient_boosting, categories_table(true), {"category"}), scores[1][0] - 0.01);
}

TEST(categories_test, sets_are_better_than_an_order_that_means_nothing) {
  const auto data = categories_table(false);
  for (const auto* kind : {&kinds::random_forest, &kinds::extra_trees})
    EXPECT_GT(measured(*kind, data, {"category"}), measured(*kind, data, {}) + 0.02) << kind->name;
  // trees of one split have no second one to make up for the order
  const option_texts stumps{{"max_depth", "1"}, {"max_iter", "20"}};
  const auto r2 = [&](const std::vector<std::string>& categories) {
    return evaluate(data.target, predicted(*learn(kinds::gradient_boosting, data, categories, stumps), texts_of(data)))
        .r2;
  };
  EXPECT_GT(r2({"category"}), r2({}) + 0.1);
}

TEST(categories_test, a_single_split_is_the_best_of_all_sets) {
  training_data data{{{}}, {}, {"x"}};
  const std::vector<double> means{5, 1, 4, 0, 7, 3};
  for (int i = 0; i < 600; ++i) {
    data.features[0].push_back(i % 6);
    data.target.push_back(means[static_cast<std::size_t>(i % 6)] + (i % 7) * 0.1);
  }
  const option_texts stump{{"max_depth", "1"}, {"max_iter", "1"}, {"learning_rate", "1"}};
  const auto made = predicted(*learn(kinds::gradient_boosting, data, {"x"}, stump), texts_of(data));
  double least = std::numeric_limits<double>::infinity();
  for (unsigned set = 1; set < 63; ++set) {
    double sums[2] = {}, squares = 0, counts[2] = {};
    for (std::size_t i = 0; i < data.rows(); ++i) {
      const auto side = set >> static_cast<unsigned>(data.features[0][i]) & 1;
      sums[side] += data.target[i];
      counts[side] += 1;
      squares += data.target[i] * data.target[i];
    }
    least = std::min(least, squares - sums[0] * sums[0] / counts[0] - sums[1] * sums[1] / counts[1]);
  }
  double error = 0;
  for (std::size_t i = 0; i < made.size(); ++i)
    error += (made[i] - data.target[i]) * (made[i] - data.target[i]);
  EXPECT_NEAR(error, least, 1e-3 * least);
}

TEST(categories_test, of_ten_thousand_the_rare_ones_are_pooled) {
  training_data data{{{}, {}}, {}, {"x", "n"}};
  std::mt19937 random{3};
  for (int i = 0; i < 30'000; ++i) {
    const auto frequent = random() % 2 == 0;
    const auto category = static_cast<double>(frequent ? random() % 200 : 200 + random() % 9'800);
    data.features[0].push_back(category);
    data.features[1].push_back(static_cast<double>(random() % 100));
    data.target.push_back(frequent ? std::fmod(category, 2) : 10);
  }
  auto coded = data;
  ASSERT_TRUE(encode_categories(coded, {"x"}));
  EXPECT_EQ(coded.categories[0].numbers.size(), most_categories);
  for (std::size_t i = 0; i < data.rows(); ++i)
    if (data.features[0][i] < 200) {
      ASSERT_EQ(coded.categories[0].numbers[static_cast<std::size_t>(coded.features[0][i])],
                static_cast<float>(data.features[0][i]));
    }
  for (const auto* kind : {&kinds::gradient_boosting, &kinds::random_forest, &kinds::extra_trees}) {
    const auto model =
        learn(*kind, data, {"x"}, {{kind == &kinds::gradient_boosting ? "max_iter" : "n_estimators", "30"}});
    const auto made = predicted(*model, {{"123456", "5"}, {"nan", "5"}, {"0.5", "5"}, {"4", "5"}, {"5", "5"}});
    EXPECT_EQ(made[0], made[1]) << kind->name;
    EXPECT_EQ(made[0], made[2]) << kind->name;
    EXPECT_NEAR(made[0], 10, 1) << kind->name;
    EXPECT_NEAR(made[3], 0, 0.5) << kind->name;
    EXPECT_NEAR(made[4], 1, 0.5) << kind->name;
  }
}

TEST(categories_test, texts_have_sets_too_and_what_is_unknown_is_as_what_is_missing) {
  training_data data{{{}}, {}, {"color"}, {{"color", {"blue", "green", "red"}}}};
  for (int i = 0; i < 300; ++i) {
    data.features[0].push_back(i % 4 == 3 ? nan : i % 4);
    data.target.push_back(i % 4 == 3 ? 50 : i % 4 == 1 ? 10 : 0);
  }
  for (const auto* kind : {&kinds::gradient_boosting, &kinds::random_forest}) {
    const auto model = learn(*kind, data, {"color"});
    EXPECT_TRUE(model->meaning().fills(0));
    EXPECT_TRUE(model->meaning().refusals.empty());
    const auto made = predicted(*model, {{"blue"}, {"green"}, {"red"}, {""}, {"mauve"}});
    EXPECT_NEAR(made[0], 0, 0.1) << kind->name;
    EXPECT_NEAR(made[1], 10, 0.1) << kind->name;
    EXPECT_NEAR(made[2], 0, 0.1) << kind->name;
    EXPECT_NEAR(made[3], 50, 0.1) << kind->name;
    EXPECT_EQ(made[3], made[4]) << kind->name;
  }
}

TEST(categories_test, of_several_classes_too) {
  training_data data{{{}, {}}, {}, {"x", "n"}};
  std::mt19937 random{5};
  for (int i = 0; i < 900; ++i) {
    const auto category = static_cast<double>(random() % 12);
    data.features[0].push_back(category);
    data.features[1].push_back(static_cast<double>(random() % 10));
    data.target.push_back(std::fmod(category * 5, 3));
  }
  data.labels = std::make_shared<const class_labels>(std::vector<std::string>{"a", "b", "c"});
  for (const auto* kind : {&kinds::gradient_boosting, &kinds::random_forest, &kinds::extra_trees}) {
    const auto model = learn(*kind, data, {"x"});
    const auto labels = test::score(*model, texts_of(data)).texts[model->first_column(model->meaning().prediction)];
    std::size_t right = 0;
    for (std::size_t i = 0; i < labels.size(); ++i)
      right += labels[i] == std::string(1, static_cast<char>('a' + static_cast<int>(data.target[i])));
    EXPECT_GT(right, 890u) << kind->name;
  }
}

TEST(categories_test, kinds_without_trees_refuse_them) {
  const auto made = train_prepared(kinds::ridge, categories_table(false), {.categories = {"category"}}, 1, {});
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().what.find("takes no categories"), std::string::npos);
}

/// Trees of random tests, `<=` and sets.
tree_ensemble random_trees(std::mt19937& random) {
  tree_ensemble made;
  made.features = 3;
  for (int t = 0; t < 40; ++t) {
    decision_tree tree(1);
    for (std::size_t at = 0; at < tree.size(); ++at) {
      if (tree.size() > 60 || (at > 0 && random() % 5 == 0)) {
        tree[at].leaf = made.add_leaf(std::vector{static_cast<double>(static_cast<float>(random() % 1000) / 8)});
        continue;
      }
      tree[at].feature = static_cast<std::uint32_t>(random() % 3);
      tree[at].missing_goes_left = random() % 2 == 0;
      tree[at].threshold = static_cast<double>(random() % 20);
      tree[at].test = random() % 3 == 0   ? tree_test::less_equal
                      : random() % 5 == 0 ? tree_test::equal
                                          : tree_test::member;
      if (tree[at].test == tree_test::member) {
        tree[at].set = static_cast<std::uint32_t>(made.sets.size());
        auto& set = made.sets.emplace_back();
        for (int x = 0; x < 20; ++x)
          if (random() % 2 == 0)
            set.push_back(x);
      }
      tree[at].left = static_cast<std::uint32_t>(tree.size());
      tree[at].right = tree[at].left + 1;
      tree.resize(tree.size() + 2);
    }
    made.trees.push_back(std::move(tree));
  }
  return made;
}

TEST(categories_test, a_forest_tests_sets_as_the_definition_says) {
  std::mt19937 random{11};
  const auto trees = random_trees(random);
  ASSERT_TRUE(check(trees));
  const auto flat = forest::make(trees);
  ASSERT_TRUE(flat) << flat.error().text();
  const plain_trees plain{trees};
  for (const std::size_t rows : {1u, 7u, 64u, 200u, 333u}) {
    std::vector<std::vector<float>> columns(3);
    for (auto& column : columns)
      for (std::size_t i = 0; i < rows; ++i)
        column.push_back(random() % 9 == 0    ? std::numeric_limits<float>::quiet_NaN()
                         : random() % 9 == 0  ? static_cast<float>(random() % 100) - 50.5f
                         : random() % 19 == 0 ? std::numeric_limits<float>::infinity()
                                              : static_cast<float>(random() % 25));
    const float* const inputs[] = {columns[0].data(), columns[1].data(), columns[2].data()};
    std::vector<double> fast(rows), slow(rows);
    double* fast_sums[] = {fast.data()};
    double* slow_sums[] = {slow.data()};
    flat->predict(inputs, rows, fast_sums);
    plain.predict(inputs, rows, slow_sums);
    EXPECT_EQ(fast, slow) << rows;
  }
}

} // namespace
} // namespace weir::models
