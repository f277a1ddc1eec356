#pragma once

#include <cstdint>

namespace weir::core {

/// What stateful operators hold, and what they let go, for the stats.
struct operator_counts {
  std::uint64_t keys = 0;          ///< that they remember
  std::uint64_t evictions = 0;     ///< keys that went for lack of room
  std::uint64_t late = 0;          ///< records too late for an event-time window, counted for each window
  std::uint64_t ahead = 0;         ///< records with a time too far in the future, counted for each window
  std::uint64_t bytes = 0;         ///< of state, as they count against the lane's share of state.memory_limit
  std::uint64_t learned = 0;       ///< records that models have learned from, counted for each model
  std::uint64_t not_learned = 0;   ///< records that a model could not learn from
  std::uint64_t unlearned = 0;     ///< old rows of change events that models have un-learned
  std::uint64_t not_unlearned = 0; ///< old rows that a model could not un-learn
  std::uint64_t repeats = 0;       ///< change events that were let go because they had come before
  std::uint64_t duplicates = 0;    ///< records that `dedupe` let go because their key had come before

  /// What was counted since an earlier moment; keys and bytes are those of now.
  operator_counts since(const operator_counts& before) const noexcept {
    return {.keys = keys,
            .evictions = evictions - before.evictions,
            .late = late - before.late,
            .ahead = ahead - before.ahead,
            .bytes = bytes,
            .learned = learned - before.learned,
            .not_learned = not_learned - before.not_learned,
            .unlearned = unlearned - before.unlearned,
            .not_unlearned = not_unlearned - before.not_unlearned,
            .repeats = repeats - before.repeats,
            .duplicates = duplicates - before.duplicates};
  }

  operator_counts& operator+=(const operator_counts& more) noexcept {
    keys += more.keys;
    evictions += more.evictions;
    late += more.late;
    ahead += more.ahead;
    bytes += more.bytes;
    learned += more.learned;
    not_learned += more.not_learned;
    unlearned += more.unlearned;
    not_unlearned += more.not_unlearned;
    repeats += more.repeats;
    duplicates += more.duplicates;
    return *this;
  }
};

} // namespace weir::core
