#pragma once

#include "core/batch/column_builder.hpp"
#include "core/batch/layout.hpp"
#include "core/format/json_text.hpp"
#include "core/format/json_tokens.hpp"
#include "core/format/value_encoding.hpp"

#include <cstddef>
#include <string>

namespace weir::core {

/// A column that a decoder of change events fills from JSON values that are encoded in one way or another.
class change_field {
public:
  change_field(const column_info& info, column_id at, std::size_t in_slot, bool goes_through, value_encoding as) :
      id{at}, slot{in_slot}, required{info.required}, through{goes_through}, declared{as}, name{info.name},
      prefix{json_quoted(info.name) + ':'}, column_{info.type} {}

  void start(std::size_t rows) { column_.start(rows); }
  column_ptr finish() { return column_.finish(); }

  /// The value is null, or not there.
  void set_null(row_index row) {
    column_.set_null(row);
    token_ = nullptr;
    made_.assign("null");
    is_made_ = false;
  }
  /// @pre the column is boolean
  void set_truth(row_index row, bool value);

  /// Takes the JSON value at `token`, which has been checked. False: it does not fit, for the reason problem().
  bool read(const json_tokens& tokens, json_tokens::cursor token, row_index row, value_encoding as);
  const std::string& problem() const noexcept { return problem_; }

  bool is_null(row_index row) const noexcept { return column_.is_null(row); }

  /// Whether the last value that was read means something else than its JSON says; made() is what it means.
  bool is_made() const noexcept { return is_made_; }
  const std::string& made() const noexcept { return made_; }

  /// Appends the last value as JSON.
  void append_json(const json_tokens& tokens, std::string& out) const;

  column_id id;
  std::size_t slot; ///< of its name, in the object that it stands in
  bool required;
  bool through; ///< the record's body has it
  value_encoding declared;
  std::string name;
  std::string prefix; ///< of its member in a JSON object: `"name":`

private:
  bool read_text(const json_tokens& tokens, json_tokens::cursor token, row_index row, value_encoding as);
  bool read_time(std::int64_t number, row_index row, value_encoding as);
  bool read_decimal(std::string_view base64, row_index row, value_encoding as);
  bool read_variable_decimal(const json_tokens& tokens, json_tokens::cursor token, row_index row);
  bool take_number(std::string_view text, row_index row);
  bool take_text(std::string_view text, row_index row);
  bool fail(std::string_view found);
  std::string_view plain_text(std::string_view written);

  column_builder column_;
  json_tokens::cursor token_ = nullptr; ///< of the last value
  bool is_made_ = false;
  std::string made_;
  std::string unescaped_;
  std::string problem_;
};

} // namespace weir::core
