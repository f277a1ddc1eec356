#pragma once

#include "actors/interfaces.hpp"
#include "core/stats/lane_registry.hpp"
#include "io/end_offsets.hpp"

#include <chrono>
#include <map>
#include <memory>

namespace weir::actors {

struct lag_watch_options {
  std::chrono::milliseconds interval{1000}; ///< between two questions
  std::chrono::milliseconds timeout{2000};  ///< of one
  std::chrono::milliseconds patience{5000}; ///< after so long without an answer an end is not known any more
  std::shared_ptr<core::lane_registry> registry;
};

struct lag_watch_state {
  static constexpr const char* name = "lag_watch";

  std::shared_ptr<io::end_offsets> ends;
  lag_watch_options options;
  std::map<core::partition_id, caf::actor_clock::time_point> answered; ///< when last, or since when there is a lane
};

/// Keeps the lag of the node's lanes true whatever they do: a lane that is paused, or waits, hears nothing of what
/// comes. Spawn it detached: it waits for the brokers.
lag_watch_actor::behavior_type lag_watch(lag_watch_actor::stateful_pointer<lag_watch_state> self,
                                         std::shared_ptr<io::end_offsets> ends, lag_watch_options options);

} // namespace weir::actors
