#include "core/format/csv_rows.hpp"

#include <algorithm>

namespace weir::core {

std::optional<text_row> find_csv_row(std::string_view buffer, const csv_dialect& dialect) noexcept {
  bool in_quotes = false;
  auto closed = std::string_view::npos; // the last quote that closed a field
  std::size_t line_ends = 0;
  for (std::size_t at = 0;;) {
    const auto line_end = buffer.find('\n', at);
    if (line_end == std::string_view::npos)
      return std::nullopt;
    ++line_ends;
    const auto line = buffer.substr(0, line_end);
    for (auto quote = dialect.has_quote() ? line.find(dialect.quote, at) : std::string_view::npos;
         quote != std::string_view::npos; quote = line.find(dialect.quote, quote + 1)) {
      if (in_quotes)
        closed = quote;
      // One behind a quote that closed is the second of two, which stand for one.
      in_quotes = !in_quotes && (quote == 0 || quote - 1 == closed || buffer[quote - 1] == dialect.delimiter);
    }
    if (!in_quotes) {
      const bool returns = line_end > 0 && buffer[line_end - 1] == '\r';
      return text_row{line_end - returns, line_end + 1, line_ends};
    }
    at = line_end + 1;
  }
}

bool csv_fields::read(std::string_view row) {
  fields_.clear();
  unquoted_.clear();
  for (std::size_t at = 0;;) {
    if (dialect_.has_quote() && at < row.size() && row[at] == dialect_.quote) {
      if (!read_quoted(row, at))
        return false;
    } else {
      const auto end = std::min(row.find(dialect_.delimiter, at), row.size());
      const auto text = row.substr(at, end - at);
      const auto quote = dialect_.has_quote() ? text.find(dialect_.quote) : std::string_view::npos;
      if (quote != std::string_view::npos) {
        problem_ = "a quote inside a field that does not begin with one";
        problem_at_ = at + quote;
        return false;
      }
      fields_.push_back({text, text, false});
      at = end;
    }
    if (at == row.size())
      return true;
    ++at;
  }
}

bool csv_fields::read_quoted(std::string_view row, std::size_t& at) {
  const auto begin = at++;
  bool doubled = false;
  for (;; ++at) {
    at = row.find(dialect_.quote, at);
    if (at == std::string_view::npos) {
      problem_ = "a quote that is never closed";
      problem_at_ = begin;
      return false;
    }
    if (++at == row.size() || row[at] != dialect_.quote)
      break;
    doubled = true;
  }
  if (at < row.size() && row[at] != dialect_.delimiter) {
    problem_ = "text behind a closing quote";
    problem_at_ = at;
    return false;
  }
  const auto raw = row.substr(begin, at - begin);
  auto text = raw.substr(1, raw.size() - 2);
  if (doubled) {
    unquoted_.reserve(row.size());
    const auto made = unquoted_.size();
    for (std::size_t i = 0; i < text.size(); i += text[i] == dialect_.quote ? 2 : 1)
      unquoted_.push_back(text[i]);
    text = std::string_view{unquoted_}.substr(made);
  }
  fields_.push_back({text, raw, true});
  return true;
}

std::string other_delimiter(std::string_view field) {
  const auto found = field.find_first_of(",;\t|");
  if (found == std::string_view::npos)
    return {};
  return "the delimiter seems to be " + (field[found] == '\t' ? "a tab" : "'" + std::string{field[found]} + "'");
}

result<std::vector<std::string>> parse_csv_header(std::string_view row, const csv_dialect& dialect) {
  if (row.starts_with("\xef\xbb\xbf"))
    row.remove_prefix(3);
  if (row.starts_with("\xff\xfe") || row.starts_with("\xfe\xff"))
    return fail("the file is UTF-16 and must be UTF-8", "col 1",
                "convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW_FILE");
  csv_fields fields{dialect};
  if (!fields.read(row))
    return fail(std::string{"the header has "} + fields.problem(), "col " + std::to_string(fields.problem_at() + 1),
                other_delimiter(row.substr(fields.problem_at(), 1)));
  std::vector<std::string> names;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    std::string name{fields[i].text};
    const auto where = "col " + std::to_string(static_cast<std::size_t>(fields[i].raw.data() - row.data()) + 1);
    if (!fields[i].is_quoted && name.find('\r') != std::string::npos)
      return fail("the lines of the file end in CR alone, and must end in LF or CRLF", where,
                  "convert it: tr '\\r' '\\n' < FILE > NEW_FILE");
    if (name.empty())
      return fail("a field of the header has no name", where, "name every field");
    if (std::find(names.begin(), names.end(), name) != names.end())
      return fail("field '" + name + "' is in the header twice", where, "rename one of them");
    names.push_back(std::move(name));
  }
  return names;
}

} // namespace weir::core
