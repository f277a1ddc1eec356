#pragma once

#include "actors/interfaces.hpp"

namespace weir::actors {

struct inferencer_state {
  static constexpr const char* name = "inferencer";
};

/// Scores the batches of any lane of the node, each with the models that came with it.
inferencer_actor::behavior_type inferencer(inferencer_actor::stateful_pointer<inferencer_state> self);

} // namespace weir::actors
