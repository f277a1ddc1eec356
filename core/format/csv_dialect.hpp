#pragma once

#include <string>
#include <vector>

namespace weir::core {

/// How the fields of a CSV row are parted and quoted: as RFC 4180 has it, unless something else is said. Other formats
/// do not ask for it.
struct csv_dialect {
  static constexpr char no_quote = '\0';

  char delimiter = ',';
  char quote = '"'; ///< a quote in quotes is written twice; no_quote: a field is all that stands between two delimiters

  bool has_quote() const noexcept { return quote != no_quote; }
  bool operator==(const csv_dialect&) const = default;
};

/// How the rows of a file are read, in a format whose files begin with a header.
struct row_reading {
  csv_dialect dialect{};
  std::vector<std::string> names{}; ///< not empty: there is no header, the first row is data, and these are its fields
};

} // namespace weir::core
