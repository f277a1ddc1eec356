#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::models {

/// How a column was distributed where a model learned or was tested, as the model's card says.
struct column_card {
  std::string name; ///< empty: the prediction
  bool is_text = false;
  std::uint64_t rows = 0;
  double missing = 0; ///< share of the rows; of texts it is not known
  double mean = 0;
  double deviation = 0;              ///< of a sample (n - 1)
  std::vector<double> edges;         ///< between the bins of numbers, ascending
  std::vector<std::uint64_t> counts; ///< of the bins, one more than edges; a value at an edge is behind it
  std::vector<std::pair<std::string, double>> shares; ///< of the categories of texts, of those rows that have one
};

/// The columns of a card.
struct card_columns {
  std::vector<column_card> features;
  std::optional<column_card>
      prediction; ///< of the rows for the test; nothing: the model predicts no number, or was not tested
};

/// Reads the card in a model file's metadata. A card of an older version has deciles in place of bins: they serve where
/// no two of them are the same. An error says that there is no card, or what it lacks.
core::result<card_columns> read_card_columns(const std::map<std::string, std::string>& metadata);

} // namespace weir::models
