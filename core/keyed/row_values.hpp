#pragma once

#include "core/batch/batch.hpp"

#include <optional>
#include <span>

namespace weir::core {

/// Writes the values of `rows`, one behind the other: NaN where null. The column is not a string.
void read_values(const column& from, std::span<const row_index> rows, double* into);

/// The event time of `rows` in ms: of a timestamp column, or absent, the records' own. `keyed_rows::no_time` where null
/// or beyond `event_time_limit`.
void read_times(const batch& b, std::optional<column_id> from, std::span<const row_index> rows, std::int64_t* into);

} // namespace weir::core
