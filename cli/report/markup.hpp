#pragma once

#include <string>
#include <string_view>

namespace weir::cli {

/// A text as HTML and XML take it, between tags and in attributes. What is no UTF-8, and control characters, which XML
/// has none of, become U+FFFD.
std::string escaped(std::string_view text);

/// A number as an attribute of SVG: two decimals.
std::string coordinate(double value);

} // namespace weir::cli
