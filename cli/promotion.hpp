#pragma once

#include "config/training.hpp"
#include "core/base/result.hpp"
#include "models/model.hpp"
#include "models/training_data.hpp"

#include <string>
#include <utility>
#include <vector>

namespace weir::cli {

/// Whether a new version gets its alias.
struct promotion {
  bool promotes = false;
  std::string why;                                     ///< for people
  std::vector<std::pair<std::string, double>> figures; ///< that the rule names: `new.rmse`; empty: nothing was compared
};

/// Compares a new model with the one that the alias names now, by the rule of the training and on rows that hold their
/// target. Where the old one has no result for a row, that row counts for neither. Fails where the old one cannot be
/// read, or takes other features than there are.
/// @pre the training has a rule
core::result<promotion> decide(const config::training& of, const models::model& fresh,
                               const models::training_data& judged);

} // namespace weir::cli
