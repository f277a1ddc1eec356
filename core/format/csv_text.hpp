#pragma once

#include "core/batch/column.hpp"

#include <string>
#include <string_view>

namespace weir::core {

/// Appends `text` as a field of RFC 4180: in quotes when it holds a separator, a quote, a line end, or is empty (an
/// empty field without quotes is null).
void append_csv_text(std::string_view text, std::string& out);

/// Appends one value as a field: null, NaN and infinities as an empty one, booleans as `true` and `false`, timestamps
/// as RFC 3339 with milliseconds.
void append_csv_value(const column& c, row_index row, std::string& out);

} // namespace weir::core
