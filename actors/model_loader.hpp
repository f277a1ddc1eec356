#pragma once

#include "actors/interfaces.hpp"
#include "config/lane_plan.hpp"

#include <memory>

namespace weir::actors {

struct model_loader_state {
  static constexpr const char* name = "model_loader";

  std::shared_ptr<const config::lane_plan> plan;
  node_actor node;
};

/// Reads models from files, which takes its time: in a thread of its own.
model_loader_actor::behavior_type model_loader(model_loader_actor::stateful_pointer<model_loader_state> self,
                                               std::shared_ptr<const config::lane_plan> plan, node_actor node);

} // namespace weir::actors
