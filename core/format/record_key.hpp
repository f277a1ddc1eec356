#pragma once

#include "core/base/result.hpp"
#include "core/format/csv_rows.hpp"
#include "core/format/data_format.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// Finds the key of a record that stands in a file: the bytes that `weir produce` keys it by in Kafka, and by which a
/// file source chooses its partition. A string is its text, without quotes and escapes; anything else is as it is
/// written. A record has no key when the field is null (in CSV: empty, without quotes) or is not there, and when
/// the record is not well-formed. Not thread-safe.
class record_key {
public:
  /// @param header the names of a CSV file's columns
  /// @param field top-level; empty: no record has a key
  /// An error says that no column has this name.
  static result<record_key> make(data_format format, const std::vector<std::string>& header, const std::string& field);

  /// The key of a row or line, valid until the next call and as long as `record`.
  std::optional<std::string_view> of(std::string_view record);

private:
  record_key(data_format format, std::string field) : format_{format}, field_{std::move(field)} {}

  std::optional<std::string_view> of_csv(std::string_view row);
  std::optional<std::string_view> of_json(std::string_view line);

  data_format format_;
  std::string field_;
  std::size_t column_ = 0;
  csv_fields fields_;
  std::string padded_; ///< a line with room behind it, for the parser
  std::string key_;
};

} // namespace weir::core
