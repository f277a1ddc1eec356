#pragma once

#include "actors/interfaces.hpp"
#include "core/commit/take_up.hpp"
#include "core/stats/node_watch.hpp"
#include "io/committed_states.hpp"
#include "io/consumer_group.hpp"
#include "io/end_offsets.hpp"
#include "io/preparation.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::actors {

struct consumer_options {
  std::string topic;                                 ///< the source
  core::start_rule start;                            ///< where its partitions begin
  int partitions = 1;                                ///< of it, that everything was prepared for
  std::function<io::preparation()> prepare;          ///< looks again, for more
  std::chrono::milliseconds restore_timeout{10'000}; ///< without an answer
  std::chrono::milliseconds retry{1000};             ///< between two attempts to take partitions up
  std::chrono::milliseconds session{12'000};         ///< so long a process that is gone may still be a member
  bool own_thread = true;                            ///< for what blocks beside it; false: the scheduler's
  std::shared_ptr<core::lane_registry> registry;     ///< hears whether the group has spoken, and where partitions end
  std::shared_ptr<io::end_offsets> ends;             ///< of the source; null: only what is read tells of the lag
  std::shared_ptr<core::node_watch> watch;           ///< hears when the broker is away
};

/// What taking partitions up commands, as calls to the group and messages to the node.
class group_commands final : public core::take_up_commands {
public:
  void restore(std::uint64_t number, const std::vector<core::partition_id>& partitions) override;
  void ask_places(std::uint64_t number, const std::vector<core::partition_id>& partitions) override;
  void retry_later(std::uint64_t number, const core::error& why) override;
  void give_up(const core::error& why) override;
  void start_lanes(std::uint64_t round, const std::vector<core::lane_origin>& lanes) override;
  void end_lanes(bool lost) override;
  void fetch(const std::vector<core::partition_offset>& from, bool with_control) override;
  void let_go() override;
  void join() override;
  void leave() override;
  void lead(bool on) override;
  void know_lanes(bool known) override;

  /// What keeps partitions from being taken up that were added since the node looked at its topics. Nothing: all that
  /// they need is there.
  std::optional<io::preparation> why_not_prepared(const std::vector<core::partition_id>& partitions);

  consumer_actor::pointer self = nullptr;
  core::take_up* partitions = nullptr;
  std::shared_ptr<io::consumer_group> group;
  restorer_actor restorer;
  std::shared_ptr<std::atomic<std::uint64_t>> newest = std::make_shared<std::atomic<std::uint64_t>>(); ///< attempt
  node_actor node;
  consumer_options options;
  std::vector<io::restored_state> restored; ///< of the attempt that runs
};

struct consumer_state {
  static constexpr const char* name = "consumer";

  group_commands commands;
  std::optional<core::take_up> partitions;
  lag_watch_actor lag_watch; ///< null: there is none
  bool away = false;         ///< the client had an error, and no broker has answered since

  /// A member that has this node's name, and since when it was seen.
  std::optional<std::pair<std::string, caf::actor_clock::time_point>> suspect;
};

/// Serves the pipeline's consumer group: joins, restores the state of what it is assigned, has the node start and stop
/// lanes. Spawn it detached: it waits for answers of the broker.
consumer_actor::behavior_type consumer(consumer_actor::stateful_pointer<consumer_state> self,
                                       std::shared_ptr<io::consumer_group> group,
                                       std::shared_ptr<io::committed_states> states, node_actor node,
                                       consumer_options options);

} // namespace weir::actors
