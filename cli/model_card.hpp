#pragma once

#include "cli/train.hpp"
#include "models/training_data.hpp"

#include <span>
#include <string>

namespace weir::cli {

/// What a model's file says of how it was made, as JSON: data (file, digest, rows), target, features with their
/// distributions, parameters, seed, measures of the test rows, distribution of the predictions. The same training says
/// the same.
/// @param learned the rows that it learned from @param predicted what it predicts for the test rows; empty: there are
/// none, or it predicts classes
std::string model_card(const train_options& options, const train_report& report, const models::training_data& learned,
                       std::span<const double> predicted, std::string_view data_digest);

} // namespace weir::cli
