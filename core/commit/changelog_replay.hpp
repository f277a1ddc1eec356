#pragma once

#include "core/batch/record_block.hpp"
#include "core/commit/marker.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace weir::core {

/// Makes a lane's state of its partition of `<pipeline>-state`, read from the first record to the last: the newest
/// value of each key as of the last marker.
///
/// Changes after the last marker do not count: without transactions (at least once) a node that dies while it writes
/// leaves a torn delta, whose records reflect input that will be read again. But they stay in the log, and once a later
/// marker stands after them they would count. So the lane that goes on from this state has to write repair() before
/// its own first changes: the values that the torn delta hid.
///
/// What compaction can do: it never touches the active segment, and the torn delta is the last that was written, so the
/// hidden values are still there as long as nothing is appended; the first thing that is appended is the repair. Only a
/// node that dies in the middle of a repair of several record batches (1 MB each), on which the segment was rolled too,
/// leaves a time in which compaction may remove a hidden value for good: then the key's state is ahead of the marker,
/// and records count twice in it. It never lags.
class changelog_replay {
public:
  /// Takes the next record. An error: its marker is of another version.
  result<void> apply(std::string_view key, std::optional<std::string_view> value);

  /// The last marker; none: nothing was ever committed, and there are no changes.
  const std::optional<marker>& last() const noexcept { return last_; }

  record_block changes() const;
  record_block repair() const;

private:
  std::map<std::string, std::string, std::less<>> values_;                 ///< as of the last marker
  std::map<std::string, std::optional<std::string>, std::less<>> pending_; ///< since then; none: a tombstone
  std::optional<marker> last_;
};

} // namespace weir::core
