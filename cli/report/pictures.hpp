#pragma once

#include "cli/judged_rows.hpp"
#include "cli/report/partial_dependence.hpp"
#include "models/evaluation.hpp"

#include <span>
#include <string>
#include <vector>

// The pictures of a report, each a figure of the page.

namespace weir::cli {

std::string picture_of_predictions(const judged_rows& rows);
std::string picture_of_residuals(const judged_rows& rows);

/// Of two classes the curve of the second, else one for each against the rest. @pre there are probabilities
std::string picture_of_roc(const judged_rows& rows);
std::string picture_of_precision_recall(const judged_rows& rows);

std::string picture_of_calibration(std::span<const models::calibration_bin> bins);

/// A table whose cells are the darker the more of their row they hold.
std::string confusion_table(const models::classification_metrics& measured, const std::vector<std::string>& labels);

/// Beside each other they have one scale, so that they can be compared.
/// @param labels of the classes; empty: a value is predicted
std::vector<std::string> pictures_of_dependences(std::span<const partial_dependence> of,
                                                 const std::vector<std::string>& labels);

} // namespace weir::cli
