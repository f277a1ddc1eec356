#pragma once

#include "cli/judgement.hpp"
#include "cli/permutation_importance.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weir::cli {

/// What was judged, for the reports of it.
struct judged_model {
  std::string version; ///< of the model
  std::string data;    ///< the file
  std::string target;
  std::string by;      ///< empty: there are no slices
  std::size_t samples; ///< of the bootstrap
  const judged_rows& rows;
  const judgement& judged;
  std::optional<permutation_importances> permuted{};    ///< nothing: they were not asked for
  std::vector<std::pair<std::string, double>> shares{}; ///< importances_of() the model
};

/// On standard output, as a person reads it.
void print_table(const judged_model& of);

/// The same as a JSON object.
void print_json(const judged_model& of);

} // namespace weir::cli
