#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace weir::core {

/// The number that the whole text is, as std::from_chars reads it: no sign `+`, no space, nothing behind it. Nothing:
/// it is none, or none of this type.
template <class Number>
std::optional<Number> read_number(std::string_view text) noexcept {
  Number number{};
  const auto* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, number);
  return problem == std::errc{} && stop == end ? std::optional{number} : std::nullopt;
}

} // namespace weir::core
