#include "cli/testing/json_text.hpp"

#include "core/base/read_number.hpp"
#include "core/format/json_text.hpp"

#include <cmath>

namespace weir::cli {

namespace {

/// Whether JSON writes a number so, too: no sign in front but a minus, no empty side of the point.
bool is_json_number(const std::string& text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto begin = text.starts_with('-') ? 1u : 0u;
  if (begin >= text.size() || !digit(text[begin]) || !digit(text.back()))
    return false;
  if (text[begin] == '0' && text.size() > begin + 1 && digit(text[begin + 1]))
    return false;
  const auto number = core::read_number<double>(text);
  return number && std::isfinite(*number) && text.find_first_not_of("+-.0123456789eE") == std::string::npos;
}

std::string scalar_text(const config::yaml_node& node) {
  if (!node.quoted && (node.text == "true" || node.text == "false" || node.text == "null" || is_json_number(node.text)))
    return node.text;
  return core::json_quoted(node.text);
}

} // namespace

std::string json_of(const config::yaml_node& node) {
  std::string text;
  switch (node.shape) {
  case config::yaml_node::shape::nothing: return "null";
  case config::yaml_node::shape::scalar: return scalar_text(node);
  case config::yaml_node::shape::list:
    for (const auto* item : node.items)
      text += (text.empty() ? "" : ",") + json_of(*item);
    return '[' + text + ']';
  case config::yaml_node::shape::mapping:
    for (const auto& [key, value] : node.members)
      text += (text.empty() ? "" : ",") + core::json_quoted(key->text) + ':' + json_of(*value);
    return '{' + text + '}';
  }
  return text;
}

} // namespace weir::cli
