#include "core/format/csv_text.hpp"

#include "core/format/value_text.hpp"

namespace weir::core {

void append_csv_text(std::string_view text, std::string& out) {
  if (!text.empty() && text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out.append(text);
    return;
  }
  out.push_back('"');
  for (const char c : text) {
    if (c == '"')
      out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
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
