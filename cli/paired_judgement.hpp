#pragma once

#include "cli/judged_rows.hpp"
#include "models/bootstrap.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

enum class better_model : std::uint8_t { neither, first, second };

/// A measure of two models on the same rows.
struct paired_measure {
  std::string_view name;
  double first = 0;
  double second = 0;
  models::interval difference;                 ///< 95 %, of second - first; NaN where there is none
  better_model better = better_model::neither; ///< where the interval does not hold 0
};

/// How far two models are from each other, whoever is right.
struct paired_difference {
  double disagreement = 0; ///< share of the rows for which they say something else
  double difference = 0;   ///< mean of the absolute difference; of classes NaN
  double largest = 0;      ///< the same, of the row where it is the largest
};

struct paired_judgement {
  std::size_t rows = 0;     ///< that both have a prediction for
  std::size_t left_out = 0; ///< that one of them alone has
  paired_difference apart;
  std::vector<paired_measure> measures; ///< empty where the truth is not known
};

/// Compares two models by the rows of one file that both could be judged by. The interval of the difference is that of
/// the paired bootstrap: a sample draws the same rows for both (Efron and Tibshirani 1993), so that what makes rows
/// hard for both takes no part in it. Fails where one predicts values and the other classes, or they share no row.
/// @param samples 0: no intervals
core::result<paired_judgement> judge_pair(const judged_rows& first, const judged_rows& second, std::size_t samples,
                                          std::uint64_t random_state);

} // namespace weir::cli
