#pragma once

#include "cli/promotion.hpp"
#include "cli/registration.hpp"
#include "cli/training_table.hpp"
#include "core/base/result.hpp"
#include "models/evaluation.hpp"
#include "models/kinds/prepared_training.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir::cli {

struct train_options {
  /// Bytes of a file from which on trees learn without holding its numbers, see large_table.
  static constexpr std::uintmax_t large = 256u << 20;

  std::string path; ///< of a CSV file with a header
  training_columns columns;
  double test_size = 0.2;              ///< share of the rows that only measure
  double holdout_size = 0;             ///< share of the rows that neither learn nor measure
  std::string model = "random_forest"; ///< a models::model_kind that has a trainer
  models::option_texts settings;       ///< of the trainer
  models::target_transform transform = models::target_transform::none;
  std::uint64_t random_state = 0; ///< which rows measure, and what the trainer draws, follow it
  std::string out;                ///< ONNX file to write; empty: none
  registration to;                ///< where it is registered; one of both there must be
  /// CSV file to write with the rows held back, or without such with those that measure; empty: none.
  std::string holdout;
  std::uintmax_t large_from = large; ///< bytes
};

/// Options that were tried, and how good what they make is.
struct trial {
  models::option_texts options;
  std::vector<double> scores; ///< of the folds, or of the test part
  double score = 0;           ///< their mean
  double deviation = 0;       ///< and standard deviation
};

/// What came of a training.
struct train_report {
  std::size_t train_rows = 0;
  std::size_t test_rows = 0;
  std::size_t held_rows = 0;
  std::uint64_t dropped_rows = 0;
  std::uint64_t filtered_rows = 0; ///< by the steps of a training file
  std::uint64_t refused_rows = 0;  ///< in a pipeline they would be dead letters
  std::vector<models::trained_model::part> parts;
  double seconds = 0;                                           ///< of the training alone
  std::optional<models::regression_metrics> regression;         ///< of the test rows, where there are some
  std::optional<models::classification_metrics> classification; ///< the same, of classes
  std::vector<std::string> features;
  std::vector<models::ordinal_encoder> encoders;
  std::vector<double> importances;              ///< by feature, they sum up to 1; empty: the kind has none
  std::optional<registered_version> registered; ///< where it was to be
  std::optional<promotion> decided;             ///< where there is a rule for its alias
  std::vector<trial> trials; ///< of a training file with folds or a search, the best first; the model has its options
  std::string score;         ///< the measure that they have: `rmse`
  bool is_constant = false;  ///< the target: there is nothing to learn
};

/// What is done to the rows before they learn.
inline models::preparation preparation_of(const train_options& options) {
  return {options.columns.impute, options.transform, options.columns.categories};
}

/// Whether the choice makes sense, whatever the file: the kind learns what is asked of it, from columns that fit.
core::result<void> check(const train_options& options);

/// Reads a CSV file, learns a model from one part of its rows, writes it as an ONNX file, into a registry or both, and
/// measures what was written on the other part.
core::result<train_report> train(const train_options& options);

} // namespace weir::cli
