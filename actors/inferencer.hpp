#pragma once

#include "actors/interfaces.hpp"
#include "config/lane_plan.hpp"

#include <memory>

namespace weir::actors {

struct inferencer_state {
  static constexpr const char* name = "inferencer";
};

/// Runs the steps of the plan that need no order, for any lane of the node: models, each batch with those that came
/// with it, and transforms beside them.
inferencer_actor::behavior_type inferencer(inferencer_actor::stateful_pointer<inferencer_state> self,
                                           std::shared_ptr<const config::lane_plan> plan);

} // namespace weir::actors
