#pragma once

#include "actors/interfaces.hpp"
#include "config/lane_plan.hpp"
#include "config/model_board.hpp"
#include "config/model_follower.hpp"

#include <chrono>
#include <memory>
#include <optional>

namespace weir::actors {

struct model_loader_options {
  std::shared_ptr<const config::lane_plan> plan;
  std::shared_ptr<const config::model_board> board; ///< what the node scores with
  std::chrono::milliseconds interval{1000};         ///< between two looks at what is followed
};

struct model_loader_state {
  static constexpr const char* name = "model_loader";

  model_loader_options options;
  node_actor node;
  std::optional<config::model_follower> follower;
};

/// Reads models from files, which takes its time: in a thread of its own. Looks at those that are followed, and tells
/// the node when they have changed.
model_loader_actor::behavior_type model_loader(model_loader_actor::stateful_pointer<model_loader_state> self,
                                               node_actor node, model_loader_options options);

} // namespace weir::actors
