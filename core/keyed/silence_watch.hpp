#pragma once

#include "core/batch/layout.hpp"
#include "core/keyed/clock_watch.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace weir::core {

/// What a silence_watch watches, and the columns that it makes. One that is absent is not made.
struct silence_options {
  clock_watch_options of;
  std::int64_t after_ms = 0;             ///< > 0
  std::int64_t forget_after_ms = 0;      ///< a key that is silent for so long is forgotten; 0: never
  column_id as = 0;                      ///< boolean
  std::optional<column_id> ended{};      ///< boolean
  std::optional<column_id> silent_for{}; ///< double
  std::optional<column_id> reason{};     ///< text
};

/// Tells which keys are silent: that no record of theirs has come while the lane's time (core/keyed/lane_clock.hpp) has
/// gone on by `after_ms`. A key that is, has a row among batch::clocks: when it falls silent, each `after_ms` while it
/// stays so, and, with `as` false, when it is forgotten. In a record `as` is false, for a silence is over when one
/// comes; `ended` says that there was one, and `silent_for` of how many seconds.
///
/// The clock moves with each record, or with a tick, which has none. So what is said in front of which record does not
/// depend on batches. A key is silent from its first record on; a lane as a whole, where records have their own time,
/// from the first tick on.
///
/// The state is a key_table of the time at which each key's last record came, and the clock, as of the last record or
/// the last tick that had something to say. What was told follows from both: so it is not told again by who restores
/// them.
std::shared_ptr<ordered_operator> make_silence_watch(const silence_options& how, std::uint8_t tag, std::uint64_t bytes);

state_need silence_watch_need(const silence_options& how);

} // namespace weir::core
