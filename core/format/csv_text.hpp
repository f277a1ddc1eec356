#pragma once

#include "core/batch/column.hpp"
#include "core/format/csv_dialect.hpp"

#include <string>
#include <string_view>

namespace weir::core {

/// Appends `text` as a field: in quotes when it holds a delimiter, a quote, a line end, or is empty (an empty field
/// without quotes is null). As it is, where the dialect has no quotes.
void append_csv_text(std::string_view text, std::string& out, const csv_dialect& dialect = {});

/// Appends one value as a field: null, NaN and infinities as an empty one, booleans as `true` and `false`, timestamps
/// as RFC 3339 with milliseconds.
void append_csv_value(const column& c, row_index row, std::string& out);

} // namespace weir::core
