#pragma once

#include "core/base/result.hpp"
#include "core/format/csv_rows.hpp"
#include "models/model.hpp"
#include "models/row_block.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace weir::cli {

/// A feature of a row: a number, NaN where it is missing, or a text.
using feature_value = std::variant<double, std::string>;

/// Makes a model's features of the fields of CSV rows. Texts become numbers where the model's file has an encoder.
class feature_reader {
public:
  /// @param inputs columns in the order of the features; empty: those that have the features' names
  static core::result<feature_reader> make(const models::model& of, const std::vector<std::string>& header,
                                           const std::vector<std::string>& inputs);

  /// The features of a row. The error says why it has none: a field that is not what the feature is.
  /// @pre the row has as many fields as the header
  core::result<void> read(const core::csv_fields& row, std::vector<feature_value>& into) const;

  /// The column that a feature stands in.
  const std::string& column(std::size_t feature) const noexcept { return sources_[feature].column; }

  /// A number that means a text.
  bool is_encoded(std::size_t feature) const noexcept { return !sources_[feature].codes.empty(); }

private:
  struct source {
    std::string column;
    std::size_t field;
    models::element type;
    std::map<std::string, double, std::less<>> codes; ///< of texts; empty: there is no encoder
  };

  static core::result<feature_value> read(const source& from, const core::csv_fields::field& field);

  std::vector<source> sources_;
};

/// Sets a row of features, which outlives the block's predict().
void set_row(models::row_block& block, const std::vector<feature_value>& features);

} // namespace weir::cli
