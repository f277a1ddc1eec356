#include "config/topic_name.hpp"

#include <algorithm>

namespace weir::config {

namespace {

constexpr std::size_t longest_topic_name = 249;

} // namespace

void check_topic_name(yaml_section& section, const located& name, const std::string& what, std::size_t reserved) {
  auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_'
           || c == '-';
  };
  auto shown = name.hidden ? what : what + " '" + name.text + "'";
  if (name.text == "." || name.text == ".." || !std::all_of(name.text.begin(), name.text.end(), allowed))
    section.report(name.at, shown + " may hold letters, digits, '.', '_' and '-' alone");
  else if (name.text.size() > longest_topic_name - reserved)
    section.report(name.at, what + " is longer than " + std::to_string(longest_topic_name - reserved) + " characters");
}

} // namespace weir::config
