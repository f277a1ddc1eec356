#pragma once

#include "cli/judged_rows.hpp"
#include "models/bootstrap.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace weir::cli {

/// How good a model is on the rows with one value in a column.
struct judged_slice {
  std::string value;
  std::size_t rows = 0;
  metrics measured;
};

/// How good a model is.
struct judgement {
  metrics measured;
  std::vector<models::interval> intervals; ///< 95 %, of measures_of(measured); empty: none were wanted
  std::vector<judged_slice> slices;        ///< the largest ones, the largest first
  std::size_t other_slices = 0;            ///< that are not shown
};

/// @param samples of the bootstrap; 0: no intervals
judgement judge_model(const judged_rows& rows, std::size_t samples, std::uint64_t random_state);

/// The measures that come first where there is little room: of each slice.
std::vector<models::named_measure> main_measures(const metrics& of);

/// The slices as a table of texts, a line for each: `by` and its value, rows, main measures.
std::vector<std::vector<std::string>> rows_of_slices(const judgement& of, const std::string& by);

} // namespace weir::cli
