#pragma once

#include "core/window/closed_windows.hpp"
#include "core/window/window_entries.hpp"
#include "core/window/window_schedule.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace weir::core {

/// Sessions: records of a group of which each is less than the gap away from another one. An entry is a session; a
/// record between two of them makes them one.
class session_windows {
public:
  session_windows(const window_options& how, window_entries& entries) : how_{how}, entries_{entries} {}

  /// Finds the sessions of groups again that were restored.
  void load() {
    schedule_.clear();
    open_.clear();
    entries_.for_each([&](std::byte* entry) {
      open_[std::string{entries_.group_of(entry)}].push_back(entry);
      schedule_.add(end_of(entry), entry);
    });
    for (auto& [group, sessions] : open_)
      std::ranges::sort(sessions, {}, [](const std::byte* one) { return window_entries::span_of(one).begin; });
  }

  /// The session that a record of this time enters; null: it would have been closed.
  /// @param host makes room for one entry more, and settles what it has found where two become one
  template <class Host>
  std::byte* place(std::string_view group, std::int64_t time, std::int64_t now, Host& host) {
    if (const auto found = open_.find(group); found != open_.end())
      if (auto* entry = enter(found->second, time, host))
        return entry;
    if (time + how_.gap_ms + how_.allowed_lateness_ms <= now)
      return nullptr;
    host.make_room(group);
    auto* entry = entries_.add(time, group, {time, time, 0});
    auto& sessions = open_.try_emplace(std::string{group}).first->second;
    const auto before = [](std::int64_t at, const std::byte* one) { return at < window_entries::span_of(one).begin; };
    sessions.insert(std::upper_bound(sessions.begin(), sessions.end(), time, before), entry);
    schedule_.add(end_of(entry), entry);
    return entry;
  }

  bool empty() const noexcept { return open_.empty(); }

  /// Whether one may end by then: false is certain.
  bool may_end_by(std::int64_t time) const noexcept { return !schedule_.empty() && schedule_.next() <= time; }

  /// The end of the session that is over next. @pre !empty()
  std::int64_t next_end() {
    for (;;) {
      const auto end = schedule_.next();
      due_ = schedule_.take_next();
      // One that has been prolonged has a later end; one that is no more may stand for another one, twice.
      std::erase_if(due_, [&](const std::byte* one) { return !entries_.is_live(one) || end_of(one) != end; });
      if (due_.empty())
        continue;
      for (auto* entry : due_)
        schedule_.add(end, entry);
      return end;
    }
  }

  /// Closes all sessions with that end, by the order of their groups.
  void close_next(closed_windows& into) {
    const auto end = next_end();
    due_ = schedule_.take_next();
    std::ranges::sort(due_, [&](const std::byte* one, const std::byte* other) {
      return std::pair{entries_.group_of(one), one} < std::pair{entries_.group_of(other), other};
    });
    due_.erase(std::unique(due_.begin(), due_.end()), due_.end());
    for (auto* entry : due_) {
      const auto group = entries_.group_of(entry);
      into.add(group, window_entries::span_of(entry).begin, end, entry);
      const auto found = open_.find(group);
      std::erase(found->second, entry);
      if (found->second.empty())
        open_.erase(found);
      entries_.erase(entry);
    }
  }

private:
  std::int64_t end_of(const std::byte* entry) const noexcept {
    return window_entries::span_of(entry).end + how_.gap_ms;
  }

  /// Prolongs the session that the record is in; two that it is in become one. Null: it is in none.
  template <class Host>
  std::byte* enter(std::vector<std::byte*>& sessions, std::int64_t time, Host& host) {
    const auto is_in = [&](const std::byte* one) {
      const auto& span = window_entries::span_of(one);
      return time > span.begin - how_.gap_ms && time < span.end + how_.gap_ms;
    };
    const auto first = std::ranges::find_if(sessions, is_in);
    if (first == sessions.end())
      return nullptr;
    auto* entry = *first;
    entries_.mark_changed(entry);
    auto& span = window_entries::span_of(entry);
    const auto end_before = span.end;
    span.begin = std::min(span.begin, time);
    span.end = std::max(span.end, time);
    if (const auto second = std::next(first); second != sessions.end() && is_in(*second)) {
      host.settle();
      entries_.merge(entry, *second);
      entries_.erase(*second);
      sessions.erase(second);
    }
    if (span.end != end_before)
      schedule_.add(end_of(entry), entry);
    return entry;
  }

  const window_options& how_;
  window_entries& entries_;
  window_schedule schedule_;
  std::map<std::string, std::vector<std::byte*>, std::less<>> open_; ///< of each group, by their beginnings
  std::vector<std::byte*> due_;
};

} // namespace weir::core
