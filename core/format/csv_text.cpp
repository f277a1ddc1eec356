#include "core/format/csv_text.hpp"

#include "core/format/value_text.hpp"

#include <array>

namespace weir::core {

void append_csv_text(std::string_view text, std::string& out, const csv_dialect& dialect) {
  const std::array special{dialect.delimiter, dialect.quote, '\r', '\n'};
  const bool is_plain = text.find_first_of(special.data(), 0, special.size()) == std::string_view::npos;
  if (!dialect.has_quote() || (is_plain && !text.empty())) {
    out.append(text);
    return;
  }
  out.push_back(dialect.quote);
  for (const char c : text) {
    if (c == dialect.quote)
      out.push_back(c);
    out.push_back(c);
  }
  out.push_back(dialect.quote);
}

void append_csv_value(const column& c, row_index row, std::string& out) {
  if (c.is_null(row))
    return;
  if (c.type == column_type::string) {
    append_csv_text(c.text[row], out);
    return;
  }
  char text[plain_value_size];
  const auto* end = write_plain_value(c, row, text);
  out.append(text, static_cast<std::size_t>(end - text));
}

} // namespace weir::core
