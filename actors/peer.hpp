#pragma once

#include "actors/interfaces.hpp"
#include "actors/peer_transport.hpp"
#include "config/compile.hpp"
#include "config/model_board.hpp"
#include "core/cluster/cluster_board.hpp"
#include "core/cluster/followed_goal.hpp"
#include "core/cluster/leadership.hpp"
#include "core/cluster/panes.hpp"
#include "core/cluster/told_wishes.hpp"
#include "core/stats/node_watch.hpp"
#include "io/frame_seal.hpp"
#include "io/kafka/control_topic.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace weir::actors {

struct peer_options {
  core::node_report self; ///< who this node is: name, incarnation, url, credit
  std::shared_ptr<core::node_watch> watch;
  std::shared_ptr<core::cluster_board> board;        ///< where the newest view is shown
  std::shared_ptr<const config::model_board> models; ///< what the node scores with; null: nobody counts
  std::shared_ptr<const config::lane_plan> plan;     ///< its cluster-wide values are set
  std::shared_ptr<io::control_topic> control;        ///< null: this node is all there is, and leads
  peer_transport transport;                          ///< needed where there is a control topic
  std::string host = "127.0.0.1";                    ///< where other nodes reach this actor
  std::chrono::milliseconds interval{200};           ///< between two reports
  std::chrono::milliseconds connect_timeout{3000};
};

struct peer_state;

/// What finding the supervisor commands, as messages to it and calls of the transport.
class leading_commands final : public core::leadership_commands {
public:
  void announce() override;
  void begin_supervisor(std::int64_t term) override;
  void end_supervisor() override;
  void call(const core::announcement& whom) override;
  void hang_up(bool is_silent) override;
  void tell_all() override;
  void go_alone() override;

  peer_actor::stateful_pointer<peer_state> self = nullptr;
};

struct peer_state {
  static constexpr const char* name = "peer";

  peer_options options;
  node_actor node;
  output_set_ptr outputs;

  leading_commands commands;
  std::optional<core::leadership> leadership;
  std::optional<core::followed_goal> goal;
  core::told_wishes wishes;

  std::uint16_t port = 0;                           ///< where other nodes reach this actor
  std::string key;                                  ///< of this node's announcements
  io::frame_seal own;                               ///< of what others say to a supervisor here, and hear of it
  io::frame_seal line;                              ///< of what is said over `link`
  supervisor_actor supervisor;                      ///< when it lives here
  std::map<caf::actor_addr, frame_actor> followers; ///< who hears its views
  frame_actor link;                                 ///< the peer of the supervisor's node, when it is elsewhere

  cluster_view_ptr view;                   ///< the newest
  std::optional<core::pane_merger> panes;  ///< of this node's lanes, to be told again
  std::optional<core::drift_merger> drift; ///< likewise; nothing: nobody watches the stream's drift
  bool finishing = false;
};

/// A node's voice: it finds the supervisor, or has it live here when this node leads (core::leadership); tells it how
/// the lanes are, and tells the node what it wants. While no supervisor is heard the node goes on with the credit it
/// has.
peer_actor::behavior_type peer(peer_actor::stateful_pointer<peer_state> self, node_actor node, peer_options options);

} // namespace weir::actors
