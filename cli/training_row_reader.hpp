#pragma once

#include "cli/training_table.hpp"
#include "core/base/result.hpp"
#include "core/format/csv_rows.hpp"

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// Reads rows of a CSV file, one after the other, as what a model learns from. It refers to the columns, which must
/// outlive it. Reusable; not thread-safe.
class training_row_reader {
public:
  explicit training_row_reader(const training_columns& columns) :
      columns_{columns}, fields_{{.delimiter = columns.delimiter}} {}

  /// Finds the columns among these. Before any row.
  core::result<void> find_columns(const std::vector<std::string>& header);

  /// Reads a row; what it holds is known until the next call. False: a value is missing that is not imputed. The error
  /// says which field is not what it must be.
  core::result<bool> read(std::string_view row);

  std::size_t features() const noexcept { return sources_.size(); }
  bool is_text(std::size_t feature) const noexcept { return sources_[feature].is_text; }

  /// Whether a feature is missing in the row, which is imputed.
  bool is_missing_feature(std::size_t feature) const {
    return is_text(feature) ? is_missing(sources_[feature].field) : std::isnan(numbers_[feature]);
  }

  /// By feature; of a text it means nothing.
  std::span<const double> numbers() const noexcept { return numbers_; }
  std::string_view text(std::size_t feature) const noexcept { return fields_[sources_[feature].field].text; }

  /// 0 where there is none, or labels.
  double target() const noexcept { return target_; }
  std::string_view label() const noexcept { return fields_[target_field_].text; }
  double weight() const noexcept { return weight_; }

private:
  struct source {
    std::size_t field = 0; ///< in the row
    bool is_text = false;
    bool may_be_missing = false;
  };

  bool has_target() const noexcept { return !columns_.target.empty(); }
  bool has_weights() const noexcept { return !columns_.sample_weight.empty(); }
  bool is_missing(std::size_t field) const;
  core::result<double> read_target() const;
  core::result<double> read_weight() const;
  core::result<double> number(std::size_t field, const std::string& name) const;

  const training_columns& columns_;
  core::csv_fields fields_;
  std::vector<source> sources_; ///< of the features
  std::size_t target_field_ = 0;
  std::size_t weight_field_ = 0;
  std::vector<double> numbers_;
  double target_ = 0;
  double weight_ = 1;
};

/// `error`, which the row of that number has; the header is row 1.
core::error in_row(core::error error, std::uint64_t row);

/// The classes that these labels are of: whole numbers where all of them are, else texts; in their order.
models::class_labels classes_of(const std::vector<std::string>& labels);

/// Which of the classes each label is of. @pre the classes are those of these labels, or of more
std::vector<double> places_in(const models::class_labels& classes, const std::vector<std::string>& labels);

} // namespace weir::cli
