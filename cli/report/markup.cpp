#include "cli/report/markup.hpp"

#include "core/base/utf8.hpp"

#include <cstdio>

namespace weir::cli {

std::string escaped(std::string_view text) {
  std::string out;
  for (const auto c : core::to_utf8(text))
    switch (c) {
    case '&': out += "&amp;"; break;
    case '<': out += "&lt;"; break;
    case '>': out += "&gt;"; break;
    case '"': out += "&quot;"; break;
    case '\'': out += "&#39;"; break;
    case '\t':
    case '\n': out += ' '; break;
    default:
      if (static_cast<unsigned char>(c) < 0x20)
        out += "\xef\xbf\xbd";
      else
        out += c;
    }
  return out;
}

std::string coordinate(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

} // namespace weir::cli
