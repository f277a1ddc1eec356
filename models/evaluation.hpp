#pragma once

#include "models/curves.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace weir::models {

/// One of several figures, by its name: `rmse`.
struct named_measure {
  std::string_view name;
  double value = 0; ///< NaN: it cannot be told
};

struct row_split {
  std::vector<std::size_t> train; ///< in random order
  std::vector<std::size_t> test;
  std::vector<std::size_t> held; ///< for neither
};

/// Deals rows out at random; the test part gets ceil(rows * test_size), and so on. The same seed deals the same way.
/// @pre 0 <= test_size, 0 <= holdout_size, both together < 1
row_split split_rows(std::size_t rows, double test_size, std::uint64_t seed, double holdout_size = 0);

/// The quantiles whose loss is measured.
inline constexpr std::array<double, 3> pinball_quantiles{0.1, 0.5, 0.9};

/// How far predictions are from the truth.
struct regression_metrics {
  double r2 = 0;   ///< 1: exact; 0: as good as the mean of `truth`; NaN where `truth` does not vary
  double mae = 0;  ///< mean absolute error
  double rmse = 0; ///< root of the mean squared error
  double mape = 0; ///< mean absolute error as a share of the truth, which counts as at least 2^-52 (as in scikit-learn)
  std::array<double, 3> pinball{}; ///< mean quantile loss of each of `pinball_quantiles`

  std::vector<named_measure> measures() const;
};

/// @pre both have the same size, which is not 0
regression_metrics evaluate(std::span<const double> truth, std::span<const double> predicted);

/// How often predictions are right about one class.
struct class_metrics {
  std::size_t support = 0;   ///< rows of the class
  std::size_t predicted = 0; ///< rows that are predicted as it
  double precision = 0;      ///< share of those predicted that are of the class; 0 where none is predicted
  double recall = 0;         ///< share of those of the class that are predicted; 0 where there is none
  double f1 = 0;             ///< harmonic mean of both
};

/// How often predictions are right.
struct classification_metrics {
  double accuracy = 0;
  std::vector<class_metrics> classes;
  std::vector<std::size_t> confusion; ///< rows of class i predicted as class j at [i * classes + j]
  double log_loss = 0;                ///< mean of -ln(probability of the truth); NaN without probabilities
  double brier = 0;   ///< of two classes: mean square of (probability of the second - truth); of more: summed over them
  double roc_auc = 0; ///< of two classes; of more the mean of each against the rest; NaN where one has no rows
  double pr_auc = 0;  ///< average precision, likewise
  /// Of two classes the probability of the second; of more that of the class that is predicted, positive where it is
  /// right. Empty without probabilities.
  std::vector<calibration_bin> calibration;
  double calibration_error = 0; ///< expected calibration error, over these; NaN without probabilities

  // Means over the classes that are there, or are predicted.
  double macro_precision() const noexcept;
  double macro_recall() const noexcept;
  double macro_f1() const noexcept;

  std::vector<named_measure> measures() const;
};

/// @param truth index of the class @param predicted the same @param probabilities a column for each class; empty: there
/// are none
/// @pre all have the same size, which is not 0, and indices are less than `classes`
classification_metrics evaluate_classes(std::span<const std::size_t> truth, std::span<const std::size_t> predicted,
                                        std::size_t classes, std::span<const std::vector<double>> probabilities);

} // namespace weir::models
