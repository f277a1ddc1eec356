#include "models/curves.hpp"
#include "models/evaluation.hpp"
#include "models/kinds/model_kind.hpp"
#include "models/onnx/reader.hpp"
#include "models/row_block.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

namespace weir::models {
namespace {

const std::string folder = WEIR_SOURCE_DIR "/tests/data/training/";

/// How well scikit-learn learns a table with a kind of model, as tests/oracles/training_oracle.py measured it.
struct learned {
  std::string table;
  std::string kind;
  double r2 = 0;
  double auc = 0;
};

std::vector<std::vector<std::string>> rows_of(const std::string& name) {
  std::ifstream file{folder + name};
  EXPECT_TRUE(file) << name;
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(file, line);) {
    rows.emplace_back();
    std::stringstream fields{line};
    for (std::string field; std::getline(fields, field, ',');)
      rows.back().push_back(field);
  }
  return rows;
}

std::vector<learned> all_learned() {
  std::vector<learned> made;
  for (const auto& row : rows_of("scores.csv"))
    made.push_back({row[0], row[1], std::stod(row[2]), std::stod(row[3])});
  return made;
}

/// The target stands last.
training_data read(const std::string& table) {
  auto rows = rows_of(table + ".csv");
  rows.erase(rows.begin());
  training_data data;
  data.features.resize(rows.front().size() - 1);
  for (const auto& row : rows) {
    for (std::size_t f = 0; f < data.features.size(); ++f)
      data.features[f].push_back(std::stod(row[f]));
    data.target.push_back(std::stod(row.back()));
  }
  return data;
}

/// The same with weights.
struct learned_with_weights {
  std::string table;
  std::string kind;
  double r2 = 0;
  double above = 0; ///< how far predictions lie above the truth, in standard deviations
  double auc = 0;
  double probability = 0; ///< of the rare class, on the mean
};

std::vector<learned_with_weights> all_learned_with_weights() {
  std::vector<learned_with_weights> made;
  for (const auto& row : rows_of("weighted_scores.csv"))
    made.push_back({row[0], row[1], std::stod(row[2]), std::stod(row[3]), std::stod(row[4]), std::stod(row[5])});
  return made;
}

/// The value below which such a share of some values lies, between two of them where it falls there.
double quantile_of(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const auto place = share * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const auto high = std::min(low + 1, values.size() - 1);
  return values[low] + (place - static_cast<double>(low)) * (values[high] - values[low]);
}

class quality_measures {
protected:
  static training_data pick(const training_data& from, std::size_t fold, bool inside) {
    training_data made{std::vector<std::vector<double>>(from.features.size()), {}};
    made.labels = from.labels;
    for (std::size_t r = 0; r < from.rows(); ++r)
      if ((r % 5 == fold) == inside) {
        for (std::size_t f = 0; f < from.features.size(); ++f)
          made.features[f].push_back(from.features[f][r]);
        made.target.push_back(from.target[r]);
        if (!from.weights.empty())
          made.weights.push_back(from.weights[r]);
      }
    return made;
  }

  /// Its target becomes whether it is above that.
  static void classify(training_data& data, double threshold) {
    for (auto& y : data.target)
      y = y > threshold ? 1 : 0;
    data.labels = std::make_shared<const class_labels>(std::vector<std::int64_t>{0, 1});
  }

  static double auc_of(const std::vector<double>& truth, const std::vector<double>& predicted) {
    std::vector<bool> is_positive;
    for (const auto y : truth)
      is_positive.push_back(y == 1);
    return roc_auc(is_positive, predicted);
  }

  /// What a model that learned from the other folds says of one: a regressor's prediction, or the second class's
  /// probability.
  static std::vector<double> predict(const std::string& kind, const option_texts& options, const training_data& learn,
                                     const training_data& test, std::uint64_t seed) {
    const auto trained = (*find_trained_kind(kind))->train(learn, seed, options);
    EXPECT_TRUE(trained) << trained.error().text();
    const auto model = *read_onnx(trained->file);
    const auto& meaning = model->meaning();
    const auto output = meaning.probabilities.value_or(meaning.prediction);
    const auto column = model->first_column(output) + (meaning.probabilities ? 1 : 0);
    std::vector<double> made;
    row_block block{*model};
    for (std::size_t r = 0; r < test.rows(); ++r) {
      for (std::size_t f = 0; f < test.features.size(); ++f)
        block.set(f, test.features[f][r]);
      block.add_row();
      if (!block.is_full() && r + 1 < test.rows())
        continue;
      const auto& columns = block.predict();
      for (std::size_t i = 0; i < block.rows(); ++i)
        made.push_back(number_at(columns[column], meaning.outputs[output].type, i));
      block.clear();
    }
    return made;
  }

  template <class Score>
  static double mean_over_folds(const std::string& kind, const option_texts& options, const training_data& data,
                                const Score& score) {
    constexpr std::uint64_t seeds = 2;
    double sum = 0;
    for (std::uint64_t seed = 0; seed < seeds; ++seed)
      for (std::size_t fold = 0; fold < 5; ++fold) {
        const auto test = pick(data, fold, true);
        sum += score(test.target, predict(kind, options, pick(data, fold, false), test, seed));
      }
    return sum / (5 * seeds);
  }

  static constexpr double near = 0.01;
};

class training_quality_test : public quality_measures, public testing::TestWithParam<learned> {};

TEST_P(training_quality_test, learns_numbers_as_well_as_scikit_learn) {
  const auto r2 =
      mean_over_folds(GetParam().kind, {}, read(GetParam().table),
                      [](const auto& truth, const auto& predicted) { return evaluate(truth, predicted).r2; });
  EXPECT_GT(r2, GetParam().r2 - near);
}

TEST_P(training_quality_test, learns_classes_as_well_as_scikit_learn) {
  auto data = read(GetParam().table);
  classify(data, quantile_of(data.target, 0.5));
  const auto auc = mean_over_folds(GetParam().kind, {}, data, auc_of);
  EXPECT_GT(auc, GetParam().auc - near);
}

class weighted_quality_test : public quality_measures, public testing::TestWithParam<learned_with_weights> {
protected:
  static double mean_of(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  }
  static double deviation_of(const std::vector<double>& values) {
    double squares = 0;
    for (const auto value : values)
      squares += (value - mean_of(values)) * (value - mean_of(values));
    return std::sqrt(squares / static_cast<double>(values.size()));
  }
};

TEST_P(weighted_quality_test, weights_of_rows_count_as_in_scikit_learn) {
  auto data = read(GetParam().table);
  const auto median = quantile_of(data.target, 0.5);
  const auto deviation = deviation_of(data.target);
  for (const auto y : data.target)
    data.weights.push_back(y > median ? 3 : 1);
  const auto& kind = GetParam().kind;
  const auto r2 = mean_over_folds(
      kind, {}, data, [](const auto& truth, const auto& predicted) { return evaluate(truth, predicted).r2; });
  EXPECT_GT(r2, GetParam().r2 - near);
  const auto above = mean_over_folds(kind, {}, data, [&](const auto& truth, const auto& predicted) {
    return (mean_of(predicted) - mean_of(truth)) / deviation;
  });
  EXPECT_NEAR(above, GetParam().above, near);
}

TEST_P(weighted_quality_test, balanced_classes_count_as_in_scikit_learn) {
  auto data = read(GetParam().table);
  classify(data, quantile_of(data.target, 0.8));
  const option_texts balanced{{"class_weight", "balanced"}};
  const auto& kind = GetParam().kind;
  EXPECT_GT(mean_over_folds(kind, balanced, data, auc_of), GetParam().auc - near);
  const auto probability =
      mean_over_folds(kind, balanced, data, [](const auto&, const auto& predicted) { return mean_of(predicted); });
  EXPECT_NEAR(probability, GetParam().probability, near);
}

INSTANTIATE_TEST_SUITE_P(tables, training_quality_test, testing::ValuesIn(all_learned()),
                         [](const auto& of) { return of.param.table + "_" + of.param.kind; });

INSTANTIATE_TEST_SUITE_P(tables, weighted_quality_test, testing::ValuesIn(all_learned_with_weights()),
                         [](const auto& of) { return of.param.table + "_" + of.param.kind; });

} // namespace
} // namespace weir::models
