#pragma once

#include "cli/training_table.hpp"
#include "core/base/result.hpp"
#include "models/evaluation.hpp"
#include "models/trainer.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weir::cli {

struct train_options {
  std::string path; ///< of a CSV file with a header
  training_columns columns;
  double test_size = 0.2; ///< share of the rows that only measure; they and the trees follow `forest.random_state`
  models::forest_options forest;
  std::string out; ///< ONNX file to write
};

/// What came of a training.
struct train_report {
  std::size_t train_rows = 0;
  std::size_t test_rows = 0;
  std::uint64_t dropped_rows = 0;
  std::size_t nodes = 0;
  double seconds = 0;                             ///< of the training alone
  std::optional<models::regression_metrics> test; ///< nothing without test rows
  std::vector<models::ordinal_encoder> encoders;
};

/// Reads a CSV file, learns a random forest regressor from one part of its rows, measures it on the other and writes it
/// as an ONNX file.
core::result<train_report> train(const train_options& options);

} // namespace weir::cli
