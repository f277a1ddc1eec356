#pragma once

#include "core/keyed/ordered_operator.hpp"
#include "core/keyed/state_share.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::core {

/// Which records are the same one again.
struct dedupe_options {
  std::vector<column_id> by;       ///< columns whose values are the key together; one at least
  std::vector<std::string> names;  ///< theirs, for people
  std::optional<column_id> time{}; ///< a timestamp column; absent: the record's own time
  std::int64_t within_ms = 0;      ///< how far apart two of them may be in event time; 0: however far
  std::uint32_t max_keys = 1'000'000;
};

/// Lets records go whose key was let through before: exactly those, for it remembers whole keys. They count as
/// filtered. The time that counts is that of the record that was let through, so repeats do not keep a key closed for
/// longer than `within_ms`. A record with a null in one of the columns is never a repeat; nor is one without a time,
/// where time counts. One whose key is longer than max_key_bytes is rejected.
///
/// What is remembered is the state of a key_table: the least recently used key goes for one that has no room.
/// @param bytes that it may hold
std::shared_ptr<ordered_operator> make_deduplicator(const dedupe_options& how, std::uint8_t tag, std::uint8_t table,
                                                    std::uint64_t bytes);

state_need deduplicator_need(const dedupe_options& how);

} // namespace weir::core
