#pragma once

#include "core/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace weir::core {

// How `state.memory_limit` of a node is shared out: evenly among all partitions of its source, wherever their lanes
// run, and a lane's share among the tables of its steps. Neither depends on what any lane holds at the moment. So a
// lane that is rebuilt, here or on a node with the same limit, evicts the same keys; with another limit, another number
// of partitions or other steps it may keep more or fewer. A share that one lane does not use is of no use to another.

/// What one table of a lane may take, in bytes of state.
struct state_need {
  std::string name;        ///< the steps, for people
  std::uint64_t least = 0; ///< one key, or the whole of what is kept for the lane
  std::uint64_t most = 0;  ///< all the keys that it may hold
};

/// What a key may take in one record of a changelog. Kafka takes a little more by default (max.message.bytes), and that
/// is asked of the state topic.
inline constexpr std::size_t largest_state_of_a_key = 900'000;

/// No bound.
inline constexpr std::uint64_t unbounded_state = UINT64_MAX;

/// What a lane may hold however large the limit is: one commit may write all of it, in one block.
inline constexpr std::uint64_t most_state_of_a_lane = std::uint64_t{2} << 30;

/// A lane's share of a node's limit. @param partitions of the source; fewer than 1 count as 1
std::uint64_t state_of_a_lane(std::uint64_t limit, int partitions) noexcept;

/// Shares `bytes` out among the tables of a lane: evenly, and what one has no use for goes to the others. No table gets
/// less than its least, even if `bytes` do not suffice (see check_state()).
std::vector<std::uint64_t> share_state(std::span<const state_need> tables, std::uint64_t bytes);

/// An error when `bytes` are not enough for the least of all tables; it names the step that needs most.
result<void> check_state(std::span<const state_need> tables, std::uint64_t bytes);

} // namespace weir::core
