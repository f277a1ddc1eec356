#include "core/keyed/row_values.hpp"

#include "core/keyed/keyed_operator.hpp"
#include "core/keyed/pane_grid.hpp"

#include <limits>

namespace weir::core {

void read_values(const column& from, std::span<const row_index> rows, double* into) {
  const auto n = rows.size();
  if (from.type == column_type::float64)
    for (std::size_t i = 0; i < n; ++i)
      into[i] = from.f64[rows[i]];
  else
    for (std::size_t i = 0; i < n; ++i)
      into[i] = static_cast<double>(from.i64[rows[i]]);
  if (!from.null.empty())
    for (std::size_t i = 0; i < n; ++i)
      if (from.null[rows[i]] != 0)
        into[i] = std::numeric_limits<double>::quiet_NaN();
}

void read_times(const batch& b, std::optional<column_id> from, std::span<const row_index> rows, std::int64_t* into) {
  const auto* column = from ? &b.at(*from) : nullptr;
  const auto& times = column != nullptr ? column->i64 : b.raw->timestamps;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto time = times[rows[i]];
    const auto known =
        time > -event_time_limit && time < event_time_limit && !(column != nullptr && column->is_null(rows[i]));
    into[i] = known ? time : keyed_rows::no_time;
  }
}

} // namespace weir::core
