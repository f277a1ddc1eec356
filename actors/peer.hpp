#pragma once

#include "actors/interfaces.hpp"
#include "actors/peer_transport.hpp"
#include "config/compile.hpp"
#include "core/cluster/cluster_board.hpp"
#include "core/cluster/panes.hpp"
#include "core/stats/node_watch.hpp"
#include "io/kafka/control_topic.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace weir::actors {

struct peer_options {
  core::node_report self; ///< who this node is: name, incarnation, url, credit
  std::shared_ptr<core::node_watch> watch;
  std::shared_ptr<core::cluster_board> board;    ///< where the newest view is shown
  std::shared_ptr<const config::lane_plan> plan; ///< its cluster-wide values are set
  std::shared_ptr<io::control_topic> control;    ///< null: this node is all there is, and leads
  peer_transport transport;                      ///< needed where there is a control topic
  std::string host = "127.0.0.1";                ///< where other nodes reach this actor
  std::chrono::milliseconds interval{200};       ///< between two reports
  std::chrono::milliseconds silence{3000};       ///< of a supervisor, until it is called again
  std::chrono::milliseconds lease{5000};         ///< how long its credit holds without a word of it
  std::chrono::milliseconds retell{10'000};      ///< all panes are told again so often, whatever got lost
  std::chrono::milliseconds connect_timeout{3000};
};

struct peer_state {
  static constexpr const char* name = "peer";
  using instant = std::chrono::steady_clock::time_point;

  peer_options options;
  node_actor node;
  output_set_ptr outputs;

  std::uint16_t port = 0;                           ///< where other nodes reach this actor
  bool leads = false;                               ///< the group gave this node the control partition
  std::optional<instant> announced;                 ///< when this node said so
  std::optional<io::announcement> newest;           ///< of all supervisors
  supervisor_actor supervisor;                      ///< when it lives here
  std::map<caf::actor_addr, frame_actor> followers; ///< who hears its views

  frame_actor link; ///< the peer of the supervisor's node, when it is elsewhere
  instant linked{}; ///< when it was reached
  bool dialling = false;
  instant dial_at{};
  std::chrono::milliseconds backoff{100};

  cluster_view_ptr view;
  instant heard{};                        ///< when the last view came
  bool is_on_its_own = false;             ///< the lease is over
  std::optional<core::control_verb> wish; ///< of an operator, until a view shows it
  std::optional<instant> stop_seen;       ///< when a view that stops was first heard
  std::optional<core::pane_merger> panes; ///< of this node's lanes, to be told again
  instant told_all{};
  bool finishing = false;
};

/// A node's voice: it finds the supervisor through the control topic, or has it live here when this node leads; tells
/// it how the lanes are, and tells the node what it wants. A supervisor that falls silent is called again, and
/// meanwhile the node goes on with the credit it has.
peer_actor::behavior_type peer(peer_actor::stateful_pointer<peer_state> self, node_actor node, peer_options options);

} // namespace weir::actors
