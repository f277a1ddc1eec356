#pragma once

#include "config/diagnostic.hpp"

#include <string>
#include <string_view>

namespace weir::config {

/// A line of a file and the place in it that a diagnostic is about.
struct excerpt {
  int line = 0;          ///< from 1; 0: there is nothing to show
  std::string text;      ///< the line, or the part of a long one around the place
  std::string pad;       ///< what stands below the line in front of the place: spaces, and the line's tabs
  std::size_t width = 1; ///< characters from the place on that are at fault

  /// Two lines, as rustc has them; empty without a line.
  ///
  ///       12 |   - fitler: Amount > 3
  ///          |     ^^^^^^
  ///
  /// @param mark, unmark put around the carets @param dim, undim around line numbers and bars
  std::string shown(std::string_view mark = {}, std::string_view unmark = {}, std::string_view dim = {},
                    std::string_view undim = {}) const;
};

/// Nothing where the diagnostic has no place, where the line is no text, and where it may hold a secret: a value of
/// `properties`, as `weir echo` hides them, or of a field with such a name as `password`, whatever of YAML's ways it is
/// written in. References (`${NAME}`) are shown, for they are what the file says. @param text of the whole file
excerpt excerpt_of(const diagnostic& problem, std::string_view text);

} // namespace weir::config
