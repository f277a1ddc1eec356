#pragma once

#include "cli/row_scorer.hpp"
#include "models/evaluation.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace weir::cli {

/// How good predictions are, of values or of classes.
using metrics = std::variant<models::regression_metrics, models::classification_metrics>;

/// Rows whose truth is known, and what a model says of them.
struct judged_rows {
  std::vector<std::string> labels; ///< of the classes; empty: values are predicted

  std::vector<double> truth; ///< empty where it is not known, as `true_class`
  std::vector<double> predicted;

  std::vector<std::size_t> true_class; ///< which of `labels`
  std::vector<std::size_t> predicted_class;
  std::vector<std::vector<double>> probabilities; ///< by class; empty: the model says none

  std::vector<std::uint64_t> lines; ///< of the file, on which each row begins; they rise

  std::vector<std::string> slices;   ///< the values of the column that slices them
  std::vector<std::size_t> slice_of; ///< of each row which of `slices`; empty: nothing slices them

  /// Features of some rows, drawn at random; the first of them are as random as all.
  std::vector<std::vector<feature_value>> sample;
  std::vector<std::size_t> sample_of; ///< which row each of them is
  std::uint64_t read = 0;             ///< rows of the file
  left_out_rows left_out;             ///< those without a prediction or a truth

  bool has_classes() const noexcept { return !labels.empty(); }
  std::size_t rows() const noexcept { return has_classes() ? predicted_class.size() : predicted.size(); }
  bool has_truth() const noexcept { return !(has_classes() ? true_class.empty() : truth.empty()); }
};

/// What to judge a model by.
struct judged_columns {
  std::string target;         ///< empty: the truth is not known, and nothing can be measured
  std::string by;             ///< slices the rows; empty: nothing does
  std::size_t sample = 0;     ///< rows whose features are kept
  std::uint64_t random_state; ///< draws these
};

/// The label that a model predicts, as a text. @param column of its prediction, of that type
std::string label_at(const void* column, models::element type, std::size_t row);

/// Scores all rows. Fails where the file cannot be read, or none of its rows can be judged.
core::result<judged_rows> judge_rows(row_scorer& scorer, const judged_columns& columns);

/// @pre there are such rows, and their truth is known
metrics measure(const judged_rows& all);
metrics measure(const judged_rows& all, std::span<const std::size_t> rows);

std::vector<models::named_measure> measures_of(const metrics& of);

} // namespace weir::cli
