#pragma once

#include "core/batch/batch.hpp"

#include <utility>
#include <vector>

namespace weir::steps {

/// Shortens the rows of `b` to `kept`; the others count as filtered.
inline void keep(core::batch& b, std::vector<core::row_index> kept) {
  b.filtered += static_cast<std::uint32_t>(b.rows.size() - kept.size());
  b.rows = std::move(kept);
}

inline void set_column(core::batch& b, core::column_id id, core::column_ptr values) {
  if (b.columns.size() <= id)
    b.columns.resize(id + 1);
  b.columns[id] = std::move(values);
}

} // namespace weir::steps
