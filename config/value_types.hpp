#pragma once

#include "config/diagnostic.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

// What a field of a pipeline file can hold, beside texts, numbers and truth values. The type says what the field is
// for: readers, schema and docs tell them apart by it.

namespace weir::config {

using std::chrono::milliseconds;

/// A text from the file together with where it stands.
struct located {
  std::string text;
  position at{};
  bool literal = false; ///< it stands so in the file, on one line: its byte N is at `at.column + N`
  bool hidden = false;  ///< it holds a value from the environment or a file, which no message may show
};

/// A column that is there already: a field of the schema, or made by an earlier step.
struct column_name : located {};

/// The name of a column that a step makes; empty: it makes none.
struct new_column : located {};

/// An expression over the columns so far.
struct expression_text : located {};

/// The path of a file: as it stands, or beside the pipeline file.
struct file_path : located {};

/// A size in bytes: `64KiB`, `256MiB`, `1GB` in a file.
struct byte_size {
  constexpr byte_size(std::uint64_t in_bytes = 0) noexcept : bytes{in_bytes} {} // NOLINT: a size is a number
  constexpr operator std::uint64_t() const noexcept { return bytes; }

  std::uint64_t bytes;
};

/// Hosts with their ports: one, or a list.
struct addresses {
  std::string text; ///< joined by commas
};

/// The name of a Kafka topic.
struct topic_name : located {};

/// New columns and their expressions: `{ hour: hour(Date), ratio: Amount / Age }`; in order.
struct named_expression {
  new_column name;
  expression_text value;
};
using named_expressions = std::vector<named_expression>;

/// New columns by what they hold: `{ fraud: p_fraud, other: p_other }`; in order.
struct labelled_column {
  located label;
  new_column name;
};
using labelled_columns = std::vector<labelled_column>;

/// A column and its categories: `{ Device: [atm, web], as: device_code }`.
struct categories {
  column_name of;
  std::vector<std::string> values; ///< differ
  new_column as;
};

} // namespace weir::config
