#pragma once

#include "core/base/result.hpp"
#include "core/drift/column_monitor.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace weir::cli {

struct drift_report_options {
  std::string baseline;  ///< a CSV file with a header, or a model, whose card has it
  std::string data;      ///< a CSV file with a header
  std::string predicted; ///< the column of the data that a model's prediction stands in; empty: none
  char delimiter = ',';
  std::vector<std::string> columns; ///< empty: all that both have
  std::vector<std::string> methods; ///< empty: all but those of moments, which long tails make cry
  double alpha = core::default_alpha;
  std::uint32_t bins = 10; ///< of numbers
};

/// How a column of the data is distributed, beside the baseline.
struct reported_column {
  std::string name;
  core::column_monitor monitor; ///< its baseline, and all of the data as its window
  core::column_verdict verdict;
  bool is_drift = false;       ///< by Benjamini and Hochberg's rule over all columns
  double adjusted_p_value = 1; ///< by that rule
};

struct drift_report {
  std::string baseline;
  std::string data;
  double alpha = 0;
  std::uint64_t baseline_rows = 0;
  std::uint64_t rows = 0;
  std::vector<reported_column> columns; ///< the worst first: those that drift, by how much lies elsewhere
  std::vector<std::string> left_out;    ///< columns that one of both lacks

  std::size_t drifting() const noexcept;
};

/// Compares the data with the baseline, column by column. A column is of numbers where all of its fields are, in both.
/// Files are read several times and never held as a whole. An error says what cannot be read, or compared.
core::result<drift_report> compare_with_baseline(const drift_report_options& options);

/// Its figures, as a table for the terminal and as JSON.
void print_table(const drift_report& report);
std::string json_text(const drift_report& report);

} // namespace weir::cli
