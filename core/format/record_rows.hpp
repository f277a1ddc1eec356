#pragma once

#include "core/format/format.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace weir::core {

/// Splits the text of a file into the rows of its format, as it comes in. Empty rows are passed over, and so is a byte
/// order mark in front of the first one. Not thread-safe.
class record_rows {
public:
  struct row {
    std::string_view text; ///< without its line end
    std::uint64_t line;    ///< on which it begins, from 1
    bool is_cut = false;   ///< it is longer than longest_row: this is its beginning
  };

  /// Of a longer row only so much is handed out, and the next one begins behind the line end that follows. If it has
  /// several lines, such as one whose quotes are never closed, it is cut between two of them, so that nothing is lost.
  static constexpr std::size_t longest_row = 16u << 20;

  explicit record_rows(const format_kind& format, const csv_dialect& dialect = {}) noexcept :
      first_row_{format.first_row}, dialect_{dialect} {}

  /// Room for more text, of this size; to be filled from its front. What next() gave before is no longer valid.
  std::span<char> room(std::size_t size);

  /// So much of the room has been filled.
  void added(std::size_t size) noexcept;

  /// No more text comes: what is left is the last row.
  void end() noexcept { is_ended_ = true; }

  /// The next row, valid until room() is called; nothing when there is no whole one.
  std::optional<row> next();

private:
  std::optional<row> cut(std::string_view rest);
  bool skip();
  bool pass_over_mark();

  decltype(format_kind::first_row) first_row_;
  csv_dialect dialect_;
  std::string buffer_;
  std::size_t begin_ = 0; ///< what was handed out stands before
  std::size_t end_ = 0;   ///< behind is room
  std::uint64_t line_ = 1;
  bool is_begun_ = false; ///< what may be a byte order mark is behind it
  bool is_ended_ = false;
  bool skips_ = false; ///< up to the next line end
};

} // namespace weir::core
