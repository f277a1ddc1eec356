#pragma once

#include "core/batch/made_columns.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace weir::steps {

/// Shortens the rows of `b` to `kept`; the others count as filtered.
inline void keep(core::batch& b, std::vector<core::row_index> kept) {
  b.filtered += static_cast<std::uint32_t>(b.rows.size() - kept.size());
  b.rows = std::move(kept);
}

/// Sends rows to the dead letters. @param reasons by row, ascending
inline void reject(core::batch& b, std::vector<std::pair<core::row_index, std::string>> reasons) {
  auto refused = reasons.begin();
  std::erase_if(b.rows, [&](core::row_index row) {
    while (refused != reasons.end() && refused->first < row)
      ++refused;
    return refused != reasons.end() && refused->first == row;
  });
  for (auto& [row, reason] : reasons)
    b.rejected.push_back({row, core::stage::cast, std::move(reason)});
}

} // namespace weir::steps
