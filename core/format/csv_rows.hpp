#pragma once

#include "core/base/result.hpp"
#include "core/format/csv_dialect.hpp"
#include "core/format/text_row.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// The row at the front of `buffer`, up to a line end (`\n`, `\r\n`) that no quotes enclose; nothing when there is
/// none: read more and ask again, or, at the end of the file, take what is left as a row. Quotes enclose what stands
/// between them where a field begins with one: a quote in the middle of a field spoils its row alone. One that is never
/// closed takes the rows behind it along: the caller bounds how much it reads for one row.
std::optional<text_row> find_csv_row(std::string_view buffer, const csv_dialect& dialect = {}) noexcept;

/// Reads the fields of a row; a field in quotes comes without them. Reusable: the fields are valid until the next call,
/// and as long as `row` is.
class csv_fields {
public:
  explicit csv_fields(csv_dialect dialect = {}) noexcept : dialect_{dialect} {}

  struct field {
    std::string_view text;  ///< without quotes, doubled quotes resolved
    std::string_view raw;   ///< as it stands in the row
    bool is_quoted = false; ///< an empty field without quotes is null
  };

  /// False when a quote is not closed, or text stands beside a quoted field; problem() and problem_at() say what and
  /// where.
  bool read(std::string_view row);

  std::size_t size() const noexcept { return fields_.size(); }
  const field& operator[](std::size_t i) const noexcept { return fields_[i]; }

  const char* problem() const noexcept { return problem_; }
  std::size_t problem_at() const noexcept { return problem_at_; }

private:
  bool read_quoted(std::string_view row, std::size_t& at);

  csv_dialect dialect_;
  std::vector<field> fields_;
  std::string unquoted_; ///< of fields with doubled quotes; reserved before views into it are made
  const char* problem_ = "";
  std::size_t problem_at_ = 0;
};

/// `the delimiter seems to be ';'` where a text that is to be one field has a usual delimiter in it; else empty.
std::string other_delimiter(std::string_view field);

/// The names in a header row; a byte order mark in front is skipped. An error names a duplicate or an empty name.
result<std::vector<std::string>> parse_csv_header(std::string_view row, const csv_dialect& dialect = {});

} // namespace weir::core
