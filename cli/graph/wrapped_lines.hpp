#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// How many characters a text of UTF-8 has.
std::size_t characters_of(std::string_view text);

/// A text in lines of at most `width` characters, cut at blanks where there are some; no lines for an empty text.
/// @pre width > 0
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

} // namespace weir::cli
