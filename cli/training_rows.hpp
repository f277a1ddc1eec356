#pragma once

#include "config/training.hpp"
#include "core/base/result.hpp"
#include "core/batch/batch.hpp"
#include "core/batch/layout.hpp"
#include "models/training_data.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// What a model learns from, gathered from batches that have been cleaned.
struct training_rows {
  models::training_data data;
  std::vector<std::uint64_t> hashes; ///< of each row's own values, whatever the order in which rows came
  std::vector<double> times;         ///< of a split by time
  std::uint64_t read = 0;            ///< records
  std::uint64_t filtered = 0;        ///< by the steps
  std::uint64_t refused = 0;         ///< they would be dead letters
  std::uint64_t dropped = 0;         ///< a value is missing, and not imputed: null, NaN or beyond a float
  std::string first_refusal;         ///< why; empty: there is none
};

/// Keeps numbers of the records of batches; texts become the index of their value, so none is kept twice.
class row_gatherer {
public:
  /// @param columns those that the steps leave; the training has been bound to them
  row_gatherer(const config::training& of, const core::layout& columns);

  void add(const core::batch& cleaned);

  /// What was gathered. Categories and labels are sorted.
  training_rows finish();

private:
  /// The distinct texts of a column, in the order in which they came.
  struct text_codes {
    std::map<std::string, std::size_t, std::less<>> codes{};

    double code_of(std::string_view text);
  };

  struct source {
    core::column_id id;
    core::column_type type;
    text_codes texts{}; ///< of a text
    bool may_be_missing = false;
  };

  source source_of(std::string_view name, const core::layout& columns) const;
  static double number_of(const core::batch& cleaned, core::row_index row, const source& from);
  static double value_of(const core::batch& cleaned, core::row_index row, source& from, std::uint64_t& hash);
  void add_row(const core::batch& cleaned, core::row_index row);
  void sort_texts();
  void sort_labels();

  std::vector<source> features_;
  std::optional<source> target_;
  std::optional<source> weight_;
  std::optional<source> time_;
  bool classifies_;
  std::vector<double> values_; ///< of the row at hand
  training_rows made_;
};

} // namespace weir::cli
