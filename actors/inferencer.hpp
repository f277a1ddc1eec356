#pragma once

#include "actors/interfaces.hpp"
#include "models/scorer.hpp"

#include <memory>
#include <vector>

namespace weir::actors {

struct inferencer_state {
  static constexpr const char* name = "inferencer";

  std::vector<std::shared_ptr<const models::scorer>> scorers;
};

/// Scores the batches of any lane of the node with every model of the pipeline.
inferencer_actor::behavior_type inferencer(inferencer_actor::stateful_pointer<inferencer_state> self,
                                           std::vector<std::shared_ptr<const models::scorer>> scorers);

} // namespace weir::actors
