#pragma once

#include "core/base/result.hpp"
#include "core/format/csv_rows.hpp"
#include "core/format/data_format.hpp"

#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// The format that a file's name says (`.csv`: CSV; anything else: one JSON value a line).
core::data_format format_of_file(std::string_view path);

/// Reads a file record by record, as `weir produce` sends them: CSV rows become JSON objects, NDJSON lines stay as they
/// are. Not thread-safe.
class record_reader {
public:
  struct record {
    std::string_view value;                ///< valid until the next call, as the key
    std::optional<std::string_view> key{}; ///< nothing without a key field, or where that is null
  };

  /// @param key_field names the field whose value keys the record; empty: no keys.
  /// @returns an error when the CSV header cannot be read or has no such field.
  static core::result<record_reader> make(std::istream& in, core::data_format format, const std::string& key_field);

  /// The next record; nothing at the end. An error names the line; reading may go on behind it.
  core::result<std::optional<record>> next();

private:
  record_reader(std::istream& in, core::data_format format, std::string key_field) :
      in_{&in}, format_{format}, key_field_{std::move(key_field)} {}

  std::optional<std::string_view> next_row();
  std::optional<core::csv_row> first_row(std::string_view text) const;
  core::result<record> convert(std::string_view row);

  static constexpr std::size_t longest_row = 16u << 20; ///< bytes; a quote that is never closed ends here

  std::istream* in_;
  core::data_format format_;
  std::string key_field_;
  std::string buffer_;
  std::size_t at_ = 0;     ///< what of `buffer_` was handed out
  std::uint64_t line_ = 0; ///< of the row that was handed out last, 1-based
  std::uint64_t next_line_ = 1;
  std::vector<std::string> header_;
  std::vector<std::string> member_names_; ///< `"name":` of each field
  std::size_t key_column_ = 0;
  core::csv_fields fields_;
  std::string value_;
  std::string key_;
};

/// Appends a CSV field as a JSON value: a number where it is one as JSON writes it, `true` and `false`, null where it
/// is empty without quotes, else a string.
void append_json_value(const core::csv_fields::field& field, std::string& out);

/// The value of a top-level field of a JSON object as a key's bytes: a string without its quotes, anything else as it
/// is written. Nothing when there is no such field, when it is null, or when `object` is not JSON.
std::optional<std::string> key_of_json(std::string_view object, const std::string& field);

} // namespace weir::cli
