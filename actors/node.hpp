#pragma once

#include "actors/interfaces.hpp"
#include "config/compile.hpp"
#include "config/model_board.hpp"
#include "config/model_keeper.hpp"
#include "core/cluster/cluster_board.hpp"
#include "core/commit/node_lifecycle.hpp"
#include "core/stats/lane_registry.hpp"
#include "core/stats/node_watch.hpp"
#include "io/input.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace weir::actors {

/// Who a node is, to the others of its pipeline.
struct node_identity {
  std::string name;
  std::string url;               ///< of its stats
  std::uint16_t listen_port = 0; ///< for other nodes; 0: any free one
};

/// What shows how a node is.
struct node_display {
  std::shared_ptr<core::lane_registry> registry;
  std::shared_ptr<core::node_watch> watch;
  std::shared_ptr<core::cluster_board> board;
  std::shared_ptr<config::model_board> models;
};

/// What a node is made of; put together by the command line from a pipeline.
struct node_parts {
  node_identity self;
  node_display display;
  io::input input;

  std::shared_ptr<const config::pipeline> pipeline;
  std::shared_ptr<const config::lane_plan> plan;
  std::size_t parallelism = 2;
  std::uint64_t credit_bytes = 16u << 20;            ///< of all lanes together, in bytes of raw records
  std::uint64_t state_bytes = core::unbounded_state; ///< that each lane may remember
  bool own_thread = true; ///< for the committer and the consumer, whose calls block; false: the scheduler's

  const io::group_input* group() const { return std::get_if<io::group_input>(&input.from); }
  const io::feed_input* file() const { return std::get_if<io::feed_input>(&input.from); }
};

/// How a node ended; read by the command line after the actor system is idle.
struct node_outcome {
  std::atomic<bool> ended{false};
  std::string failure;    ///< why it cannot run with this configuration; empty: it can. To be read once it has ended
  std::string broken;     ///< what has gone wrong on the way, and ended it; empty: nothing. As above
  std::string usurped_by; ///< the process that has this node's name; empty: none. As above
  std::atomic<bool> complete{true};   ///< false: the last epoch was aborted
  std::atomic<bool> exhausted{false}; ///< a finite source was read to its end
};

struct lane {
  std::uint64_t window = 0; ///< its credit
  partition_reader_actor reader;
  emitter_actor emitter;
  std::vector<caf::actor> all;
};

struct node_state;

/// What the node's lifecycle commands, as messages to the other actors.
class lifecycle_commands final : public core::node_commands {
public:
  void open_transaction() override;
  bool start_lanes() override;
  void hold_lanes(bool on) override;
  void finish_lanes(std::chrono::milliseconds within) override;
  void lose_lanes() override;
  bool end_lanes() override;
  void join_source() override;
  void give_back(std::uint64_t round) override;
  void leave_source(std::uint64_t round) override;
  void show(core::goal wanted, bool reached) override;
  void shut_down() override;

  node_actor::stateful_pointer<node_state> self = nullptr;
};

struct node_state {
  static constexpr const char* name = "node";

  node_parts parts;
  std::shared_ptr<node_outcome> outcome;
  lifecycle_commands commands;
  std::optional<core::node_lifecycle> lifecycle;

  committer_actor committer;
  consumer_actor consumer; ///< of a group
  peer_actor peer;
  std::vector<preprocessor_actor> preprocessors;
  std::vector<inferencer_actor> inferencers;
  std::optional<config::model_keeper> models;
  model_loader_actor model_loader; ///< where the pipeline has models
  output_set_ptr outputs;

  std::shared_ptr<io::feed> feed; ///< of a file, while it is read
  lane_starts pending;            ///< lanes of a group that wait for the transaction
  std::map<core::partition_id, lane> lanes;
  std::set<caf::actor_addr> dying; ///< actors of lanes that have not ended yet
  std::set<std::int32_t> at_end;   ///< partitions of a finite source that are exhausted
  bool held = false;               ///< readers read no more
};

/// Owns the process's actors. core::node_lifecycle says when lanes start and end; this is its shell.
node_actor::behavior_type node(node_actor::stateful_pointer<node_state> self, node_parts parts,
                               std::shared_ptr<node_outcome> outcome);

} // namespace weir::actors
