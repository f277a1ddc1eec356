#pragma once

#include "core/keyed/keyed_operator.hpp"
#include "core/keyed/pane_grid.hpp"

#include <algorithm>
#include <cstdint>
#include <type_traits>

namespace weir::core {

/// What time it is in a lane: the newest event time of its records, and where it has read all there is, so much later
/// as the wall clock has gone on since then. So records that are read years later have the time that they had, whatever
/// the wall clock says, and a lane that nothing comes to goes on. It never goes back. Plain bytes, all zero before the
/// first record.
struct lane_clock {
  /// A record's time so far in front of the newest, and of the wall clock, is no time.
  static constexpr std::int64_t max_ahead_ms = time_window{}.max_ahead_ms;

  std::int64_t now;        ///< event time, ms
  std::int64_t seen_at;    ///< the own time of the record, or of the tick, that said so
  std::uint64_t has_begun; ///< 0 or 1

  /// What it shows at a record. @param time event time, `keyed_rows::no_time` if it has none @param own when the record
  /// came: its own time @param wall the wall clock
  lane_clock at_record(std::int64_t time, std::int64_t own, std::int64_t wall) const noexcept {
    const auto latest = has_begun != 0 ? std::max(now, wall) : wall;
    const bool is_newer = time != keyed_rows::no_time && (has_begun == 0 || time > now);
    return is_newer && time <= latest + max_ahead_ms ? lane_clock{time, own, 1} : *this;
  }

  /// What it shows at a tick of the wall clock.
  lane_clock at_tick(std::int64_t wall) const noexcept {
    if (has_begun == 0 || wall <= seen_at)
      return *this;
    return {now + (wall - seen_at), wall, 1};
  }

  bool valid() const noexcept {
    const auto is_time = [](std::int64_t time) { return time > -2 * event_time_limit && time < 2 * event_time_limit; };
    return has_begun <= 1 && is_time(now) && is_time(seen_at);
  }
};

static_assert(std::is_trivially_copyable_v<lane_clock> && sizeof(lane_clock) == 24);

} // namespace weir::core
