#pragma once

#include "core/batch/layout.hpp"
#include "core/detect/verdict.hpp"
#include "core/keyed/clock_watch.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace weir::core {

/// What a rate_watch counts, and the columns that it makes. One that is absent is not made.
struct rate_options {
  clock_watch_options of;
  std::int64_t interval_ms = 0;     ///< > 0
  std::int64_t forget_after_ms = 0; ///< a key that has no record for so long, and was told, is forgotten; 0: never
  double alpha = 0.02;              ///< of a usual_count
  std::uint32_t min_count = 10;     ///< intervals that a verdict needs before its own
  verdict_rule verdicts{verdict_options{}};
  column_id as = 0;                         ///< boolean
  std::optional<column_id> score{};         ///< double
  std::optional<column_id> anomaly_score{}; ///< double
  std::optional<column_id> severity{};      ///< text
  std::optional<column_id> reason{};        ///< text
  std::optional<column_id> count{};         ///< double
  std::optional<column_id> usual{};         ///< double
};

/// Counts the records of each key, interval by interval, and judges a count when its interval closes: by how many the
/// intervals before usually had (core/detect/usual_count.hpp). Intervals begin at multiples of their length. They close
/// by the lane's clock, so with a record of any key, or with a tick. A record is of the interval that is open when it
/// comes; so a late one counts too, once.
///
/// A record's columns are about the last interval of its key that has closed; they are null before there was one, and
/// `as` is while too few were seen. When an interval closes that is odd, or the one before was, the key has a row among
/// batch::clocks.
///
/// Of empty intervals in a row the first is judged, and its verdict stays, with a row for each that closes while it is
/// odd; the others teach nothing. An interval behind an empty one, or the first of a key, may have begun before the key
/// did: it can be too full, but not too empty, and teaches nothing. What is judged is a Poisson count then, too, where
/// records are a Poisson process: which intervals are left out follows from those before.
///
/// The state is a key_table, and the clock, as of the last record or the last tick that closed an interval of a key
/// which had records, or that told something.
std::shared_ptr<ordered_operator> make_rate_watch(const rate_options& how, std::uint8_t tag, std::uint64_t bytes);

state_need rate_watch_need(const rate_options& how);

} // namespace weir::core
