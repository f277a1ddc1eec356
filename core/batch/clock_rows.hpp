#pragma once

#include "core/batch/batch.hpp"

#include <cstddef>
#include <vector>

namespace weir::core {

/// What a step says because time has gone on, and not because a record has come: of keys that are silent, of intervals
/// that are over. Alert rules that read the step's columns see these rows, at their places among the records; nobody
/// else does, and the ledger knows nothing of them.
struct clock_rows {
  std::size_t step = 0; ///< which of the lane's steps that watch a clock

  /// The rows, all of them in `rows`. Of its columns only the step's own and its key are there. `raw` has their times
  /// and no text; their offsets are no_offset.
  batch said;

  /// Of each row, the record of the batch in front of which it stands, ascending; the number of records: behind all.
  std::vector<row_index> in_front_of;

  static constexpr std::int64_t no_offset = -1;

  std::size_t size() const noexcept { return in_front_of.size(); }
};

} // namespace weir::core
