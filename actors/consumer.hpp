#pragma once

#include "actors/interfaces.hpp"
#include "core/stats/node_watch.hpp"
#include "io/kafka/consumer.hpp"
#include "io/kafka/state.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace weir::actors {

struct consumer_options {
  std::string topic;         ///< the source
  std::string control_topic; ///< whoever is assigned it leads
  bool state_rules = false;  ///< a lane begins where its state says (at least once), not where the group's offset says
  std::chrono::milliseconds restore_timeout{10'000}; ///< without an answer; it blocks so long
  std::chrono::milliseconds retry{1000};
  std::shared_ptr<core::lane_registry> registry;      ///< hears whether the group has spoken
  std::shared_ptr<core::node_watch> watch;            ///< hears when the broker is away
  std::function<void(const std::string& node)> fence; ///< makes that node's producer abort
};

struct consumer_state {
  static constexpr const char* name = "consumer";

  std::shared_ptr<io::kafka_consumer> group;
  std::shared_ptr<io::kafka_state> states;
  node_actor node;
  consumer_options options;

  std::vector<core::partition_id> partitions; ///< of the source, assigned by the group
  bool away = false;                          ///< the client had an error, and no broker has answered since
  bool control = false;                       ///< the control partition is assigned
  std::vector<core::partition_offset> from;   ///< where fetching begins, once the lanes are there
  bool fetching = false;
  bool returning = false; ///< the group waits for the partitions
};

/// Serves the pipeline's consumer group: joins, restores the state of what it is assigned, has the node start and stop
/// lanes. Spawn it detached: restoring blocks.
consumer_actor::behavior_type consumer(consumer_actor::stateful_pointer<consumer_state> self,
                                       std::shared_ptr<io::kafka_consumer> group,
                                       std::shared_ptr<io::kafka_state> states, node_actor node,
                                       consumer_options options);

} // namespace weir::actors
