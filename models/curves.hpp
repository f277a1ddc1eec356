#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace weir::models {

/// The area under the ROC curve: how likely a row that is positive has a higher score than one that is not. NaN where
/// there are no such two.
double roc_auc(const std::vector<bool>& is_positive, std::span<const double> scores);

/// The mean precision over the recalls (average precision, as in scikit-learn). NaN where nothing is positive.
double average_precision(const std::vector<bool>& is_positive, std::span<const double> scores);

struct curve_point {
  double x = 0;
  double y = 0;
};

/// Share of the positives that is found, over the share of the negatives that is taken for positive, by falling
/// threshold: from 0, 0 to 1, 1. Empty where there are no positives, or no negatives.
std::vector<curve_point> roc_curve(const std::vector<bool>& is_positive, std::span<const double> scores);

/// Precision over recall by falling threshold, from recall 0, where the precision is said to be 1. Empty where nothing
/// is positive.
std::vector<curve_point> precision_recall_curve(const std::vector<bool>& is_positive, std::span<const double> scores);

/// Rows whose predicted probability lies in one part of 0 to 1.
struct calibration_bin {
  std::size_t count = 0;
  double predicted = 0; ///< mean probability; NaN without rows
  double share = 0;     ///< of those that are positive; NaN without rows
};

/// As many parts of equal width; each holds its upper bound (as in scikit-learn).
std::vector<calibration_bin> calibrate(const std::vector<bool>& is_positive, std::span<const double> probabilities,
                                       std::size_t bins = 10);

/// The mean distance between predicted probability and share, by rows.
double calibration_error(std::span<const calibration_bin> bins);

} // namespace weir::models
