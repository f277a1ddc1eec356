#pragma once

#include "actors/interfaces.hpp"
#include "core/batch/sequencer.hpp"
#include "core/commit/lane_output.hpp"
#include "core/format/record_writer.hpp"
#include "core/stats/lane_stats.hpp"
#include "core/stats/ledger.hpp"
#include "io/output_set.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weir::actors {

struct emitter_options {
  core::partition_id partition{};
  core::lane_output_options output;
  std::string topic;                                                 ///< of the source; dead letters name it
  std::string labels_topic;                                          ///< the same of labels
  std::string node_name;                                             ///< written into the markers
  std::function<std::string(std::string_view key)> describe_state{}; ///< for a record of the state that is refused
  std::shared_ptr<core::ledger> ledger;
  std::shared_ptr<core::lane_stats> stats;
  peer_actor peer; ///< who hears of committed panes
};

using barrier_output = core::lane_output<core::batch_ptr, barrier_ptr>;

/// What a lane's output commands, as writes to the sinks and messages to the committer and the reader.
class output_commands final : public core::lane_output_commands<core::batch_ptr, barrier_ptr> {
public:
  void begin_transaction() override;
  core::written_batch write(const core::batch_ptr& batch, std::uint64_t ticket) override;
  void through(std::uint64_t ticket) override;
  void write_changes(barrier_ptr& mark, core::epoch at, core::offset next) override;
  void arrived(core::epoch at) override;
  void done(barrier_ptr mark, core::epoch at, core::offset next, bool changed) override;
  void failed() override;
  void committed(core::offset next, const core::epoch_counts& counts) override;

  /// A batch whose records are with the sinks.
  struct ticket {
    std::uint64_t charge = 0; ///< credit to give back
    core::batch_ptr batch;    ///< when dead letters refer to its bytes
  };

  emitter_actor::pointer self = nullptr;
  std::vector<std::shared_ptr<core::record_writer>> writers; ///< one for each sink
  output_set_ptr outputs;
  partition_reader_actor reader;
  committer_actor committer;
  emitter_options options;
  std::unordered_map<std::uint64_t, ticket> tickets;
  std::string panes;                ///< of the epoch that is being committed, for the supervisor
  std::vector<std::string> windows; ///< likewise
};

struct emitter_state {
  static constexpr const char* name = "emitter";

  core::sequencer<lane_item> order;
  output_commands commands;
  std::optional<barrier_output> output;
};

/// Writes a lane's batches to the sinks, refused records to the dead letters, and, at a barrier, the state's changes to
/// the changelog; core::lane_output says when. It gives credit back when the sinks have acknowledged.
emitter_actor::behavior_type emitter(emitter_actor::stateful_pointer<emitter_state> self,
                                     std::vector<std::shared_ptr<core::record_writer>> writers, output_set_ptr outputs,
                                     committer_actor committer, emitter_options options);

} // namespace weir::actors
