#include "config/environment.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>

namespace weir::config {

namespace {

constexpr std::size_t largest_file = 64 * 1024;

std::optional<std::string> read_small_file(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  std::string content(largest_file + 1, '\0');
  if (!in)
    return std::nullopt;
  in.read(content.data(), static_cast<std::streamsize>(content.size()));
  if (in.bad() || in.gcount() > static_cast<std::streamsize>(largest_file) || (in.gcount() == 0 && !in.eof()))
    return std::nullopt;
  content.resize(static_cast<std::size_t>(in.gcount()));
  return content;
}

bool is_variable_name(std::string_view name) {
  auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !name.empty() && letter(name.front())
         && std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || digit(c); });
}

/// `reference` is what stands between the braces.
core::result<std::string> resolve(std::string_view reference, const environment& from) {
  constexpr std::string_view file_prefix = "file:";
  if (reference.starts_with(file_prefix)) {
    std::string path{reference.substr(file_prefix.size())};
    auto content = from.file ? from.file(path) : std::nullopt;
    if (!content)
      return core::fail("cannot read the file '" + path + "'");
    if (content->ends_with('\n'))
      content->pop_back();
    if (content->ends_with('\r'))
      content->pop_back();
    return *std::move(content);
  }
  auto colon = reference.find(":-");
  std::string name{reference.substr(0, colon)};
  if (!is_variable_name(name))
    return core::fail("'${" + std::string{reference} + "}' names no variable", {},
                      "write ${NAME}, ${NAME:-default} or ${file:/path}; $${ for a literal ${");
  auto value = from.variable ? from.variable(name) : std::nullopt;
  if (colon != std::string_view::npos)
    return value && !value->empty() ? *std::move(value) : std::string{reference.substr(colon + 2)};
  if (!value)
    return core::fail("environment variable '" + name + "' is not set", {},
                      "set it, or give a default: ${" + name + ":-value}");
  return *std::move(value);
}

} // namespace

environment environment::of_process() {
  return {[](const std::string& name) -> std::optional<std::string> {
            const auto* value = std::getenv(name.c_str());
            return value == nullptr ? std::nullopt : std::optional<std::string>{value};
          },
          read_small_file};
}

bool has_reference(std::string_view text) noexcept {
  return text.find("${") != std::string_view::npos;
}

core::result<std::string> substitute(std::string_view text, const environment& from) {
  std::string result;
  while (true) {
    auto start = text.find("${");
    if (start == std::string_view::npos)
      return result.append(text);
    if (start > 0 && text[start - 1] == '$') {
      result.append(text.substr(0, start - 1)).append("${");
      text.remove_prefix(start + 2);
      continue;
    }
    auto end = text.find('}', start);
    if (end == std::string_view::npos)
      return core::fail("'${' without a closing '}'");
    result.append(text.substr(0, start));
    auto value = resolve(text.substr(start + 2, end - start - 2), from);
    if (!value)
      return value;
    result.append(*value);
    text.remove_prefix(end + 1);
  }
}

} // namespace weir::config
