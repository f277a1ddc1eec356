#include "core/format/text_value.hpp"

#include "core/base/civil_time.hpp"
#include "core/base/read_number.hpp"
#include "core/format/json_number.hpp"

#include <algorithm>
#include <cmath>

namespace weir::core {

namespace {

bool is_word(std::string_view text, std::string_view word) noexcept {
  return text.size() == word.size()
         && std::equal(text.begin(), text.end(), word.begin(), [](char a, char b) { return (a | 0x20) == b; });
}

} // namespace

std::optional<double> read_double(std::string_view text) noexcept {
  if (const auto number = json_number_of(text))
    return to_double(*number);
  // What JSON does not allow and spreadsheets write: `+1`, `.5`, `1.`, `007`.
  if (text.starts_with('+'))
    text.remove_prefix(1);
  const auto value = read_number<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<std::int64_t> read_int64(std::string_view text) noexcept {
  if (const auto number = json_number_of(text))
    return to_int64(*number);
  if (text.starts_with('+'))
    text.remove_prefix(1);
  return read_number<std::int64_t>(text);
}

std::optional<std::int64_t> read_boolean(std::string_view text) noexcept {
  if (text == "1" || is_word(text, "true"))
    return 1;
  if (text == "0" || is_word(text, "false"))
    return 0;
  return std::nullopt;
}

std::optional<std::int64_t> read_timestamp(std::string_view text) noexcept {
  const auto ms = parse_timestamp(text);
  return ms ? ms : read_int64(text);
}

} // namespace weir::core
