#pragma once

#include "core/keyed/state_share.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weir::core {

/// Which alerts are firing, since when: of each rule, which keys. Holds so many alerts and so many bytes at most, but
/// always one. For one more, the one goes that was said longest ago by the records' time; among several of these, that
/// of the first rule and key. So a replay of the same records lets the same alerts go. An alert that went is not said
/// to be resolved, and fires again when its rule is true. Not thread-safe.
class firing_alerts {
public:
  struct limits {
    std::size_t max_alerts = SIZE_MAX;
    std::uint64_t max_bytes = unbounded_state; ///< as bytes() counts them
  };

  /// What an alert counts beside the bytes of its key.
  static constexpr std::size_t bytes_per_alert = 192;

  enum class change : std::uint8_t { none, firing, repeated, resolved };

  struct state {
    std::int64_t since = 0; ///< ms since the epoch, as is the next
    std::int64_t said = 0;  ///< the last time
  };

  /// An alert, by its rule's place and its key.
  struct name {
    std::size_t rule = 0;
    std::string key;
    auto operator<=>(const name&) const = default;
  };

  explicit firing_alerts(std::size_t rules) : firing_alerts{rules, limits{}} {}
  firing_alerts(std::size_t rules, limits bounds) : limits_{bounds}, by_rule_(rules) {}
  firing_alerts(const firing_alerts&) = delete;
  firing_alerts& operator=(const firing_alerts&) = delete;
  firing_alerts(firing_alerts&&) = default;
  firing_alerts& operator=(firing_alerts&&) = default;

  /// The rule has become `is_true` for `key` at `now` (ms). @param repeat_ms after this time a firing alert is said
  /// again; 0: never @param since out: when it began, where the change is to be said
  change update(std::size_t rule, std::string_view key, bool is_true, std::int64_t now, std::int64_t repeat_ms,
                std::int64_t& since);

  bool empty(std::size_t rule) const noexcept { return by_rule_[rule].empty(); }
  const state* find(std::size_t rule, std::string_view key) const;

  /// For what was kept elsewhere. The limits are enforced at the next alert that fires, not here.
  void insert(std::size_t rule, std::string_view key, state kept);
  void erase(std::size_t rule, std::string_view key);

  /// The alerts that were said or went since the last call.
  std::set<name> take_changed();

  std::size_t size() const noexcept { return by_age_.size(); }
  std::uint64_t evictions() const noexcept { return evictions_; }

  /// What counts against limits::max_bytes.
  std::uint64_t bytes() const noexcept { return bytes_; }

private:
  struct hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const noexcept { return std::hash<std::string_view>{}(key); }
  };
  using alerts = std::unordered_map<std::string, state, hash, std::equal_to<>>;

  /// In the order in which alerts go.
  struct age {
    std::int64_t said;
    std::size_t rule;
    std::string_view key; ///< points into `by_rule_`
    auto operator<=>(const age&) const = default;
  };

  void make_room(std::size_t key_size);
  void remove(std::size_t rule, alerts::iterator which);

  limits limits_;
  std::vector<alerts> by_rule_;
  std::set<age> by_age_;
  std::set<name> changed_;
  std::uint64_t bytes_ = 0;
  std::uint64_t evictions_ = 0;
};

} // namespace weir::core
