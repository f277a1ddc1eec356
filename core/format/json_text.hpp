#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::core {

/// The position of the first escape in `text` that RFC 8259 does not know, or npos. A lone surrogate is an escape that
/// it knows. `text` is what stands between the quotes.
std::size_t find_bad_escape(std::string_view text) noexcept;

/// Appends `text` to `out` with its escapes resolved, as UTF-8. False when one of them is a lone surrogate, which no
/// UTF-8 text can hold; `out` is then as before.
/// @pre find_bad_escape(text) == npos
bool unescape(std::string_view text, std::string& out);

/// Writes `text` without quotes, escaped as far as JSON needs it, and returns the end. Needs up to 6 * text.size()
/// bytes.
char* write_escaped(std::string_view text, char* out) noexcept;

/// Appends `text` as a JSON string with its quotes.
void append_json_text(std::string_view text, std::string& out);

/// `text` as a JSON string with its quotes.
std::string json_quoted(std::string_view text);

/// What a value is that begins so, as JSON calls it: `string`, `object`, `array`, `bool`, `null`, `number`.
const char* json_kind_of(char first) noexcept;

/// `invalid UTF-8 (byte N)`, or empty where there is none.
std::string explain_bad_utf8(std::string_view text);

/// Why `record` is refused by the scan for tokens: bad UTF-8, a control character in a string or a string that does not
/// end, with the byte where it happens.
std::string explain_scan_failure(std::string_view record);

} // namespace weir::core
