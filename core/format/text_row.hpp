#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace weir::core {

/// A row at the front of a text.
struct text_row {
  std::size_t size = 0;      ///< of the row without its line end
  std::size_t next = 0;      ///< where the next row begins
  std::size_t line_ends = 0; ///< before that; more than one where the row holds some
};

/// The line at the front of `text`, up to `\n` or `\r\n`; nothing when there is no line end.
std::optional<text_row> find_line(std::string_view text) noexcept;

} // namespace weir::core
