#include "models/registry/names.hpp"

#include "core/base/read_number.hpp"

#include <algorithm>

namespace weir::models {

namespace {

constexpr std::string_view ending = ".onnx";

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

constexpr bool is_letter_or_digit(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

} // namespace

core::result<void> check_name(std::string_view name, std::string_view what) {
  constexpr std::size_t longest = 100; // file systems take 255 bytes
  const auto may_follow = [](char c) { return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-'; };
  if (!name.empty() && name.size() <= longest && is_letter_or_digit(name.front())
      && std::all_of(name.begin(), name.end(), may_follow))
    return {};
  return core::fail("'" + std::string{name} + "' is not " + std::string{what}, {},
                    "letters, digits, '.', '_' and '-', a letter or a digit first, at most 100");
}

core::result<std::string> model_name_of(const std::string& path) {
  const auto last = path.find_last_not_of('/');
  const auto whole = path.substr(0, last == std::string::npos ? 0 : last + 1);
  auto name = whole.substr(whole.rfind('/') + 1);
  return check_name(name, "a model's name").map([&] { return name; });
}

core::result<void> check_alias(std::string_view alias) {
  if (alias == latest)
    return core::fail("'latest' is the newest version by itself", {}, "choose another alias");
  if (!alias.empty() && std::all_of(alias.begin(), alias.end(), is_digit))
    return core::fail("the alias '" + std::string{alias} + "' is a number, as versions are", {},
                      "choose another alias");
  return check_name(alias, "an alias");
}

std::optional<std::uint64_t> read_version(std::string_view text) noexcept {
  constexpr std::size_t most_digits = 15;
  if (text.empty() || text.size() > most_digits || text.front() == '0')
    return std::nullopt;
  return core::read_number<std::uint64_t>(text);
}

std::optional<std::uint64_t> version_of_file(std::string_view name) noexcept {
  return name.ends_with(ending) ? read_version(name.substr(0, name.size() - ending.size())) : std::nullopt;
}

std::string file_of_version(std::uint64_t version) {
  return std::to_string(version) + std::string{ending};
}

} // namespace weir::models
