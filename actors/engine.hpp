#pragma once

#include "config/compile.hpp"
#include "config/model_board.hpp"
#include "config/pipeline.hpp"
#include "core/base/result.hpp"
#include "core/cluster/cluster_board.hpp"
#include "core/stats/lane_registry.hpp"
#include "core/stats/node_watch.hpp"

#include <memory>
#include <string>

namespace weir::actors {

struct engine_options {
  std::string node = "n1";                       ///< unique in the cluster; the transactional id is made of it
  int threads = 0;                               ///< of the scheduler; 0: one a core
  int partitions = 1;                            ///< of the source (io::preparation tells); they share memory and state
  std::shared_ptr<core::node_watch> watch;       ///< null: the engine watches its lanes for itself
  std::shared_ptr<core::cluster_board> board{};  ///< where the newest view of the pipeline is shown; null: nowhere
  std::shared_ptr<config::model_board> models{}; ///< where it is shown what the node scores with; null: nowhere
  std::string url{};                             ///< of the node's stats, for the other nodes; empty: it has none
  std::uint16_t listen_port = 0;                 ///< on loopback, for the other nodes; 0: any free one
};

/// What each lane of a pipeline may remember, in bytes: its share of state.memory_limit.
/// @param partitions of the source
std::uint64_t state_of_a_lane(const config::pipeline& pipeline, int partitions);

/// One node of a pipeline: the actor system and all that lives in it. The pipeline's topics must be there
/// (io::prepare).
class engine {
public:
  /// Opens what is local (files, state) and makes the clients; no record moves before start().
  static core::result<std::unique_ptr<engine>> make(std::shared_ptr<const config::pipeline> pipeline,
                                                    std::shared_ptr<const config::lane_plan> plan,
                                                    std::shared_ptr<core::lane_registry> registry,
                                                    const engine_options& options);
  ~engine();
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;

  void start();

  /// Drains within the pipeline's shutdown time-out; ended() becomes true then.
  void stop();

  /// Wants this of the whole pipeline, on all its nodes; a node that finds nobody to ask does it for itself.
  void request(core::goal wanted);

  /// Wants a step to score with another model, on all nodes of the pipeline.
  void request(core::model_wish wish);

  bool ended() const;
  bool complete() const;  ///< after ended(): everything that was read is committed
  bool exhausted() const; ///< a finite source was read to its end

  /// After ended(): why a lane could not go on, and would not with this configuration; else empty.
  const std::string& failure() const;

  /// After ended(): what has gone wrong on the way; the next process goes on from the last commit. Else empty.
  const std::string& broken() const;

  /// After ended(): the other process that has this node's name, else empty.
  const std::string& usurped_by() const;

private:
  struct parts;
  explicit engine(std::unique_ptr<parts> p);
  std::unique_ptr<parts> parts_;
};

} // namespace weir::actors
