#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::core {

/// Whether all of `text` is well-formed UTF-8; quick, but does not say where it is not.
bool is_utf8(std::string_view text) noexcept;

/// Bytes of the UTF-8 sequence at the start of `text`, 1 to 4; 0 when there is none (RFC 3629: no overlong forms, no
/// surrogates, nothing above U+10FFFF).
constexpr std::size_t utf8_sequence(std::string_view text) noexcept {
  auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  auto continues = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
  auto first = byte(0);
  if (text.empty() || (first >= 0x80 && first < 0xc2) || first > 0xf4)
    return 0;
  if (first < 0x80)
    return 1;
  if (first < 0xe0)
    return continues(1) ? 2 : 0;
  if (first < 0xf0)
    return continues(1) && continues(2) && !(first == 0xe0 && byte(1) < 0xa0) && !(first == 0xed && byte(1) > 0x9f) ? 3
                                                                                                                    : 0;
  return continues(1) && continues(2) && continues(3) && !(first == 0xf0 && byte(1) < 0x90)
                 && !(first == 0xf4 && byte(1) > 0x8f)
             ? 4
             : 0;
}

/// `text` with U+FFFD in place of every byte that is not UTF-8.
inline std::string to_utf8(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    auto size = utf8_sequence(text);
    result.append(size > 0 ? text.substr(0, size) : "\xef\xbf\xbd");
    text.remove_prefix(size > 0 ? size : 1);
  }
  return result;
}

} // namespace weir::core
