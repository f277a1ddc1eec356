#pragma once

#include "actors/interfaces.hpp"
#include "core/commit/take_up.hpp"
#include "core/stats/node_watch.hpp"
#include "io/committed_states.hpp"
#include "io/consumer_group.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::actors {

struct consumer_options {
  std::string topic; ///< the source
  core::origin_rule rule = core::origin_rule::must_agree;
  std::chrono::milliseconds restore_timeout{10'000}; ///< without an answer; it blocks so long
  std::chrono::milliseconds retry{1000};             ///< between two attempts to take partitions up
  std::shared_ptr<core::lane_registry> registry;     ///< hears whether the group has spoken
  std::shared_ptr<core::node_watch> watch;           ///< hears when the broker is away
};

/// What taking partitions up commands, as calls to the group and messages to the node.
class group_commands final : public core::take_up_commands {
public:
  void restore(std::uint64_t number, const std::vector<core::partition_id>& partitions) override;
  void ask_offsets(std::uint64_t number, const std::vector<core::partition_id>& partitions) override;
  void retry_later(std::uint64_t number, const core::error& why) override;
  void start_lanes(std::uint64_t round, const std::vector<core::lane_origin>& lanes) override;
  void end_lanes(bool lost) override;
  void fetch(const std::vector<core::partition_offset>& from, bool with_control) override;
  void let_go() override;
  void join() override;
  void leave() override;
  void lead(bool on) override;
  void know_lanes(bool known) override;

  consumer_actor::pointer self = nullptr;
  core::take_up* partitions = nullptr;
  std::shared_ptr<io::consumer_group> group;
  std::shared_ptr<io::committed_states> states;
  node_actor node;
  consumer_options options;
  std::vector<io::restored_state> restored; ///< of the attempt that runs
};

struct consumer_state {
  static constexpr const char* name = "consumer";

  group_commands commands;
  std::optional<core::take_up> partitions;
  bool away = false; ///< the client had an error, and no broker has answered since
};

/// Serves the pipeline's consumer group: joins, restores the state of what it is assigned, has the node start and stop
/// lanes. Spawn it detached: restoring blocks.
consumer_actor::behavior_type consumer(consumer_actor::stateful_pointer<consumer_state> self,
                                       std::shared_ptr<io::consumer_group> group,
                                       std::shared_ptr<io::committed_states> states, node_actor node,
                                       consumer_options options);

} // namespace weir::actors
