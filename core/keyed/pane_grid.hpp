#pragma once

#include "core/base/floor_div.hpp"

#include <cstdint>

namespace weir::core {

/// A window over event time that is kept in panes.
struct time_window {
  std::int64_t over_ms = 0;             ///< length of the window, > 0
  std::int64_t allowed_lateness_ms = 0; ///< behind the window's start
  std::uint32_t panes = 12;             ///< over / panes is the resolution; > 0
  /// In front of the newest record and of the wall clock, whichever is later: a record beyond does not enter. One with
  /// a wrong time, far in the future, would put all that follow behind the window for good.
  std::int64_t max_ahead_ms = 86'400'000;

  /// Has one pane at least, of one millisecond at least, and numbers that windows can add and subtract.
  constexpr bool valid() const noexcept;
};

/// Event times beyond this are not times: windows can then add and subtract without overflow.
inline constexpr std::int64_t event_time_limit = std::int64_t{1} << 53;

constexpr bool time_window::valid() const noexcept {
  return panes > 0 && over_ms >= panes && over_ms < event_time_limit && allowed_lateness_ms >= 0
         && allowed_lateness_ms < event_time_limit && max_ahead_ms >= 0 && max_ahead_ms < event_time_limit;
}

/// Where the panes of a window lie in time. Pane p covers [p * width, (p + 1) * width) ms; the window that ends at time
/// t is all panes that touch (t - over, t], so it reaches at most one pane further back than `over`.
class pane_grid {
public:
  explicit pane_grid(const time_window& window) noexcept :
      over_{window.over_ms}, lateness_{window.allowed_lateness_ms}, ahead_{window.max_ahead_ms},
      width_{(window.over_ms + window.panes - 1) / window.panes} {}

  std::int64_t over() const noexcept { return over_; }
  std::int64_t width() const noexcept { return width_; }
  std::int64_t pane_of(std::int64_t time) const noexcept { return floor_div(time, width_); }
  std::int64_t first_pane(std::int64_t newest_time) const noexcept { return pane_of(newest_time - over_ + 1); }

  /// Panes that a window can touch.
  std::int64_t most_panes() const noexcept { return (over_ - 1 + width_ - 1) / width_ + 1; }

  /// True when a record of this time counts as late, not only as out of the window.
  bool is_late(std::int64_t time, std::int64_t newest_time) const noexcept {
    return time <= newest_time - over_ - lateness_;
  }

  /// True when a record of this time must not enter. @param newest_time or `now`, whichever is later
  bool is_ahead(std::int64_t time, std::int64_t newest_time) const noexcept { return time > newest_time + ahead_; }

private:
  std::int64_t over_;
  std::int64_t lateness_;
  std::int64_t ahead_;
  std::int64_t width_;
};

} // namespace weir::core
