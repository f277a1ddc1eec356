#pragma once

#include "core/base/floor_div.hpp"
#include "core/window/closed_windows.hpp"
#include "core/window/window_entries.hpp"
#include "core/window/window_schedule.hpp"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

namespace weir::core {

/// Windows of one length that begin at multiples of `every_ms`. An entry is a pane: what came between two of these
/// beginnings. A window is the sum of its panes, so a record enters one entry, however many windows it is in.
class time_windows {
public:
  time_windows(const window_options& how, window_entries& entries) :
      how_{how}, entries_{entries}, sum_(entries.entry_size() / sizeof(std::uint64_t)) {}

  /// Finds out what is due of entries that were restored.
  void load() {
    schedule_.clear();
    entries_.for_each([&](std::byte* entry) { schedule_.add(window_entries::span_of(entry).end, entry); });
  }

  /// The entry that a record of this time enters; null: all of its windows are closed.
  /// @param host makes room for one entry more
  template <class Host>
  std::byte* place(std::string_view group, std::int64_t time, std::int64_t now, Host& host) {
    const auto begin = floor_div(time, how_.every_ms) * how_.every_ms;
    if (begin + how_.size_ms + how_.allowed_lateness_ms <= now)
      return nullptr;
    if (auto* entry = entries_.find(begin, group))
      return entry;
    host.make_room(group);
    const auto first_end = first_open_end(begin, now);
    auto* entry = entries_.add(begin, group, {begin, first_end, 0});
    schedule_.add(first_end, entry);
    return entry;
  }

  bool empty() const noexcept { return schedule_.empty(); }

  /// Whether one may end by then: false is certain.
  bool may_end_by(std::int64_t time) const noexcept { return !schedule_.empty() && schedule_.next() <= time; }

  /// The end of the window that closes next. @pre !empty()
  std::int64_t next_end() const noexcept { return schedule_.next(); }

  /// Closes all windows with that end, by the order of their groups.
  void close_next(closed_windows& into) {
    const auto end = next_end();
    due_ = schedule_.take_next();
    std::ranges::sort(due_, [&](const std::byte* one, const std::byte* other) {
      return std::pair{entries_.group_of(one), window_entries::span_of(one).begin}
             < std::pair{entries_.group_of(other), window_entries::span_of(other).begin};
    });
    for (std::size_t i = 0; i < due_.size();) {
      auto* sum = reinterpret_cast<std::byte*>(sum_.data());
      std::memcpy(sum, due_[i], entries_.entry_size());
      const auto group = entries_.group_of(due_[i]);
      auto last = i + 1;
      for (; last < due_.size() && entries_.group_of(due_[last]) == group; ++last)
        entries_.merge(sum, due_[last]);
      into.add(group, end - how_.size_ms, end, sum);
      i = last;
    }
    for (auto* entry : due_)
      if (auto& span = window_entries::span_of(entry); end < span.begin + how_.size_ms) {
        span.end = end + how_.every_ms;
        entries_.mark_changed(entry);
        schedule_.add(span.end, entry);
      } else {
        entries_.erase(entry);
      }
  }

private:
  /// Of the windows that a pane is in, the end of the first that is not closed.
  std::int64_t first_open_end(std::int64_t begin, std::int64_t now) const noexcept {
    const auto first = begin + how_.every_ms;
    const auto behind = now - how_.allowed_lateness_ms - first; // ends up to here are closed
    return behind < 0 ? first : first + (behind / how_.every_ms + 1) * how_.every_ms;
  }

  const window_options& how_;
  window_entries& entries_;
  window_schedule schedule_;
  std::vector<std::byte*> due_;
  std::vector<std::uint64_t> sum_; ///< of the panes of a window, aligned
};

} // namespace weir::core
