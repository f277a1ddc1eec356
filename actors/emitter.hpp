#pragma once

#include "actors/interfaces.hpp"
#include "core/batch/sequencer.hpp"
#include "core/format/record_writer.hpp"
#include "core/stats/lane_stats.hpp"
#include "core/stats/ledger.hpp"
#include "io/output_set.hpp"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace weir::actors {

struct emitter_options {
  core::partition_id partition{};
  core::offset from{};         ///< where the lane begins
  std::string topic;           ///< of the source; dead letters name it
  std::string node_name;       ///< written into the markers
  core::record_block repair;   ///< written before the first changes: see core/commit/changelog_replay.hpp
  bool hold = true;            ///< what comes behind a barrier waits for the commit (transactions, files)
  bool wait_for_sinks = false; ///< a barrier waits until all before it is acknowledged (at least once)
  std::shared_ptr<core::ledger> ledger;
  std::shared_ptr<core::lane_stats> stats;
  peer_actor peer; ///< who hears of committed panes
};

/// Records of an epoch that have left the lane, to be told to the ledger when the epoch is committed.
struct epoch_counts {
  std::uint64_t records = 0; ///< the sum of the others, counted on its own
  std::uint64_t emitted = 0;
  std::uint64_t filtered = 0;
  std::uint64_t dead_lettered = 0;
};

struct emitter_state {
  static constexpr const char* name = "emitter";

  /// A batch whose records are with the sinks.
  struct ticket {
    std::size_t parts = 0;    ///< writes that are not yet acknowledged
    std::uint64_t charge = 0; ///< credit to give back
    core::batch_ptr batch;    ///< dead letters refer to its bytes
  };

  core::sequencer<lane_item> order;
  std::vector<std::shared_ptr<core::record_writer>> writers; ///< one for each sink
  output_set_ptr outputs;
  partition_reader_actor reader;
  committer_actor committer;
  emitter_options options;

  bool open = false;  ///< what comes may go out
  bool ended = false; ///< the last epoch is over
  std::deque<lane_item> held;
  std::map<std::uint64_t, ticket> tickets; ///< by number, ascending
  std::uint64_t next_ticket = 0;
  barrier_ptr waiting;             ///< a barrier whose sinks are not all through
  std::uint64_t waiting_below = 0; ///< tickets that it waits for
  bool changelog_out = false;      ///< its changes are written and not yet acknowledged
  core::offset committed{};
  core::offset next{};  ///< of the epoch that is being committed
  std::string panes;    ///< of the epoch that is being committed, for the supervisor
  epoch_counts running; ///< since the last barrier
  epoch_counts cut;     ///< of the epoch that is being committed
};

/// Writes a lane's batches to the sinks, refused records to the dead letters, and, at a barrier, the state's changes to
/// the changelog. It gives credit back when the sinks are through. Nothing leaves it before the first release.
emitter_actor::behavior_type emitter(emitter_actor::stateful_pointer<emitter_state> self,
                                     std::vector<std::shared_ptr<core::record_writer>> writers, output_set_ptr outputs,
                                     committer_actor committer, emitter_options options);

} // namespace weir::actors
