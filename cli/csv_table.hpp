#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// Writes JSON objects as CSV (RFC 4180). The fields of the first object are the columns: what later ones lack is an
/// empty field, and what they have beyond is left out. Objects and arrays stand in their field as JSON. Not
/// thread-safe.
class csv_table {
public:
  /// Appends the row of `object`, before the first one the header too; each with a line end. False, and nothing
  /// appended, when it is no JSON object.
  bool append(std::string_view object, std::string& out);

private:
  std::vector<std::string> columns_;
};

} // namespace weir::cli
