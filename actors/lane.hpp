#pragma once

#include "actors/node.hpp"

namespace weir::actors {

/// Spawns the actors of one lane, as the pipeline's plan has them, with the state that it was committed with. It emits
/// nothing before its first release. The account of its partition goes on; the node monitors its actors.
/// @param window credit, in bytes
/// @returns an error when the state was written by another pipeline or version
core::result<lane> spawn_lane(node_actor::stateful_pointer<node_state> self, lane_start& start, std::uint64_t window);

} // namespace weir::actors
