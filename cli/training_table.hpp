#pragma once

#include "core/base/result.hpp"
#include "models/imputation.hpp"
#include "models/training_data.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// Which columns of a CSV file a model learns from.
struct training_columns {
  std::string target;                ///< empty: there is none
  std::vector<std::string> features; ///< in the order of the model's inputs; `all`: see choose_features()
  std::vector<std::string> encode;   ///< those of them that hold text
  char delimiter = ',';
  bool classify = false;        ///< the target's values are the labels of classes
  std::string sample_weight{};  ///< of the rows when they are learned from, no feature; empty: all weigh the same
  models::imputations impute{}; ///< rows in which other features are missing are left out
  std::vector<std::string> categories{}; ///< features whose values have no order, which may be missing, too

  /// Whether a row in which that feature is missing learns.
  bool may_be_missing(const std::string& feature) const {
    return models::find_imputation(impute, feature) != nullptr
           || std::find(categories.begin(), categories.end(), feature) != categories.end();
  }
};

/// Whether the choice makes sense, whatever the file: a model does not learn from its target or from weights, and what
/// is to be encoded is a feature.
core::result<void> check(const training_columns& columns);

/// The same columns, where the features are `all` with those of the file: every one whose values are numbers or
/// missing, and what is to be encoded, but neither the target nor the weights.
core::result<training_columns> choose_features(std::string_view csv, training_columns columns);

/// The same of a file, which is read row by row.
core::result<training_columns> choose_features_of_file(const std::string& path, training_columns columns);

/// The rows of a CSV file as numbers.
struct training_table {
  models::training_data data;
  std::uint64_t dropped = 0;          ///< rows in which a value is missing, and not imputed: empty, NaN or infinite
  std::string_view header;            ///< as it stands in the text
  std::vector<std::string_view> rows; ///< those of the data, likewise
};

/// Reads a CSV text with a header. `true` and `false` are 1 and 0. Labels are whole numbers where all of them are, else
/// texts. The error names the line, counting rows, and the column of a text where a number must be.
core::result<training_table> read_training_table(std::string_view csv, const training_columns& columns);

} // namespace weir::cli
