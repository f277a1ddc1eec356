#include "config/yaml_mistakes.hpp"

#include <algorithm>
#include <optional>

namespace weir::config {

namespace {

/// A line of the text, from 1; empty where there is none.
std::string_view line_of(std::string_view text, int line) {
  for (; line > 1 && !text.empty(); --line)
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  return line == 1 ? text.substr(0, text.find('\n')) : std::string_view{};
}

/// The column of a tab in front of a line's text.
std::optional<int> tab_in_front(std::string_view line) {
  const auto found = std::min(line.find('\t'), line.size());
  return found < line.size() && line.find_first_not_of(' ') == found ? std::optional{static_cast<int>(found) + 1}
                                                                     : std::nullopt;
}

} // namespace

std::pair<position, std::string> explain_yaml(std::string_view text, position at, const std::string& said) {
  for (const auto line : {at.line, at.line - 1})
    if (const auto tab = tab_in_front(line_of(text, line)))
      return {{line, *tab}, "a line begins with a tab, and YAML takes only spaces there"};
  const auto line = line_of(text, at.line);
  const auto column = std::min(static_cast<std::size_t>(std::max(at.column - 1, 0)), line.size());
  const auto before = line.substr(0, column);
  const auto behind = line.substr(column);
  if (before.ends_with('$') && behind.starts_with('{'))
    return {at, "inside { } and [ ] a reference needs quotes: \"${NAME}\""};
  if (behind.starts_with(':'))
    return {at, before.find(": ") != std::string_view::npos
                    ? "a value with ': ' in it needs quotes"
                    : "a field inside a value: check how far its line is indented"};
  const auto last = before.find_last_not_of(' ');
  if (last != std::string_view::npos && !behind.empty() && behind.front() != '#'
      && std::string_view{"}]\"'"}.find(before[last]) != std::string_view::npos)
    return {at, "text behind a '" + std::string{before[last]} + "', the value needs quotes as a whole"};
  return {at, "not YAML: " + said};
}

} // namespace weir::config
