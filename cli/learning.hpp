#pragma once

#include "cli/judged_rows.hpp"
#include "cli/train.hpp"
#include "core/base/result.hpp"
#include "models/evaluation.hpp"
#include "models/model.hpp"
#include "models/training_data.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What trainings have in common, wherever their rows come from.

namespace weir::cli {

/// Some rows, in this order.
models::training_data pick(const models::training_data& from, const std::vector<std::size_t>& rows);

/// How good a model is on some rows.
struct measured_model {
  metrics measures;
  std::vector<double> predicted; ///< of a regressor, for these rows
  std::vector<std::size_t> rows; ///< those that it has a result for: others do not count
};

/// Measures a model, whoever has learned it, on rows with a target. Its features are found by their names. Labels that
/// the rows do not have count as wrong. Fails where the rows lack a feature, or hold texts where the model takes
/// numbers, or the other way round; and where it has no result for any row.
core::result<measured_model> measure(const models::model& model, const models::training_data& test);

/// Rows to learn from, and rows to measure on.
struct dealt_rows {
  models::training_data train;
  models::training_data test;                   ///< no rows: nothing measures
  std::optional<models::training_data> drawn{}; ///< some that learn, as numbers, where `train` has bins
  std::size_t held = 0;                         ///< rows that do neither
  bool is_constant = false;                     ///< the target of all of them
};

bool is_constant(const std::vector<double>& values);

struct learned_model {
  std::string file; ///< bytes of an ONNX file, with its card
  models::model_ptr model;
  train_report report; ///< but for what becomes of the file
};

/// Learns from one part of the rows, and measures on another.
/// @param dropped rows that the data lacks for a missing value @param data_digest of what was read
core::result<learned_model> learn(const train_options& options, const models::training_data& data,
                                  const models::row_split& split, std::uint64_t dropped, std::string_view data_digest);

/// The same of rows that have been dealt out.
core::result<learned_model> learn(const train_options& options, const dealt_rows& rows, std::uint64_t dropped,
                                  std::string_view data_digest);

/// Writes the file, and registers it, as the options say.
core::result<void> deliver(const train_options& options, learned_model& learned);

core::result<void> write_file(const std::string& path, const std::string& bytes);

} // namespace weir::cli
