#pragma once

#include "actors/interfaces.hpp"
#include "config/compile.hpp"
#include "core/cluster/cluster_board.hpp"
#include "core/stats/lane_registry.hpp"
#include "core/stats/node_watch.hpp"
#include "io/backend.hpp"
#include "io/committed_states.hpp"
#include "io/consumer_group.hpp"
#include "io/feed.hpp"
#include "io/kafka/control_topic.hpp"
#include "io/store/local_store.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace weir::actors {

/// What a node is made of; put together by the command line from a pipeline.
struct node_parts {
  std::shared_ptr<const config::pipeline> pipeline;
  std::shared_ptr<const config::lane_plan> plan;
  std::shared_ptr<io::backend> backend;
  std::shared_ptr<core::lane_registry> registry;
  std::shared_ptr<core::node_watch> watch;
  std::shared_ptr<core::cluster_board> board;

  // A Kafka source:
  std::shared_ptr<io::committed_states> states;
  std::shared_ptr<io::consumer_group> group;
  std::shared_ptr<io::control_topic> control;
  std::uint16_t listen_port = 0; ///< for other nodes; 0: any free one

  // A file:
  std::function<core::result<std::shared_ptr<io::feed>>()> open_feed;
  std::shared_ptr<io::local_store> store;

  std::string name; ///< of the node
  std::string url;  ///< of its stats
  std::size_t parallelism = 2;
  bool own_thread = true;                 ///< for the committer, whose calls block; false: the scheduler's
  std::uint64_t credit_bytes = 16u << 20; ///< of all lanes together, in bytes of raw records
};

/// How a node ended; read by the command line after the actor system is idle.
struct node_outcome {
  std::atomic<bool> ended{false};
  std::atomic<bool> complete{true}; ///< false: the last epoch was aborted
  std::atomic<bool> usurped{false};
  std::atomic<bool> exhausted{false}; ///< a finite source was read to its end
};

struct lane {
  std::uint64_t window = 0; ///< its credit
  partition_reader_actor reader;
  emitter_actor emitter;
  std::vector<caf::actor> all;
};

struct node_state {
  static constexpr const char* name = "node";

  /// What happens once the lanes have ended.
  enum class ending : std::uint8_t { none, give_back, rebuild, quit };

  node_parts parts;
  std::shared_ptr<node_outcome> outcome;
  std::vector<preprocessor_actor> preprocessors;
  std::vector<inferencer_actor> inferencers;
  committer_actor committer;
  consumer_actor consumer;
  peer_actor peer;
  std::shared_ptr<io::feed> feed;
  output_set_ptr outputs;
  lane_starts pending; ///< lanes that wait for the committer
  std::map<core::partition_id, lane> lanes;
  std::set<caf::actor_addr> dying; ///< actors of lanes that have not ended yet
  std::set<std::int32_t> at_end;   ///< partitions of a finite source that are exhausted
  ending then = ending::none;
  bool stopping = false;
  bool shutting_down = false; ///< the lanes have ended, the rest is about to
  bool finishing = false;     ///< the committer was told to end the lanes; `ended` is its answer
  bool paused = false;
  std::uint64_t round = 0; ///< how often lanes have ended; what was taken up for an older one is not started
};

/// Owns the process's actors: starts and ends lanes as the consumer and the committer tell, and shuts down in order.
node_actor::behavior_type node(node_actor::stateful_pointer<node_state> self, node_parts parts,
                               std::shared_ptr<node_outcome> outcome);

} // namespace weir::actors
