#pragma once

#include "actors/interfaces.hpp"
#include "core/commit/commit_protocol.hpp"
#include "core/stats/node_watch.hpp"
#include "io/backend.hpp"

#include <functional>
#include <map>
#include <memory>

namespace weir::actors {

struct committer_options {
  core::commit_options commit;
  std::chrono::milliseconds retry{1000};     ///< between attempts to make a producer
  std::shared_ptr<core::node_watch> watch{}; ///< hears what keeps outputs from being written; null: nobody does
};

/// What the protocol commands, as messages to the lanes and the node.
class lane_commands final : public core::commit_lanes {
public:
  struct ends {
    partition_reader_actor reader;
    emitter_actor emitter;
  };

  void cut(core::partition_id partition, core::epoch at, bool last) override;
  void release(core::partition_id partition, core::epoch at, bool last) override;
  void rewind(bool renew) override;
  void finished(bool complete, bool renew) override;
  void fenced_again() override;

  committer_actor::pointer self = nullptr;
  node_actor node;
  std::map<core::partition_id, ends> lanes;
  bool renew = true; ///< a producer is needed before the next start
};

struct committer_state {
  static constexpr const char* name = "committer";

  std::shared_ptr<io::backend> backend;
  committer_options options;
  lane_commands commands;
  std::unique_ptr<core::commit_protocol> protocol;
  std::uint64_t failures = 0; ///< attempts in a row to make a producer
  std::uint64_t attempt = 0;  ///< number of the last; a repetition that bears an older one is not wanted any more
  core::instant wake_at{};    ///< when the next tick comes
  core::instant renew_at{};   ///< no producer is made before
  std::chrono::milliseconds pause{0}; ///< between the last two
  std::string trouble;                ///< that the watch has heard
};

/// Runs the commit protocol of a node against its backend. Spawn it detached: the backend's calls block.
committer_actor::behavior_type committer(committer_actor::stateful_pointer<committer_state> self,
                                         std::shared_ptr<io::backend> backend, node_actor node,
                                         committer_options options);

} // namespace weir::actors
