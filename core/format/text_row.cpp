#include "core/format/text_row.hpp"

namespace weir::core {

std::optional<text_row> find_line(std::string_view text) noexcept {
  const auto end = text.find('\n');
  if (end == std::string_view::npos)
    return std::nullopt;
  const bool returns = end > 0 && text[end - 1] == '\r';
  return text_row{.size = end - returns, .next = end + 1, .line_ends = 1};
}

} // namespace weir::core
