#pragma once

#include "actors/interfaces.hpp"
#include "core/cluster/credit_window.hpp"
#include "core/stats/lane_stats.hpp"
#include "core/stats/ledger.hpp"
#include "io/label_reader.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace weir::actors {

struct partition_reader_options {
  core::partition_id partition{};
  core::offset from{};                        ///< of the first record to be read
  io::read_limits batch;                      ///< largest batch
  std::size_t window_bytes = 4u << 20;        ///< credit: bytes in flight between reader and sink
  model_set_ptr models;                       ///< what is read is scored with
  std::shared_ptr<io::label_reader> labels{}; ///< null: there are none
  std::int64_t tick_ms = 0;                   ///< how often the lane's steps are told the time; 0: never
  std::function<std::int64_t()> wall_clock{}; ///< ms since the epoch; empty: the system's
  std::shared_ptr<core::ledger> ledger;
  std::shared_ptr<core::lane_stats> stats;
};

struct partition_reader_state {
  static constexpr const char* name = "partition_reader";

  std::shared_ptr<io::record_source> source;
  std::vector<preprocessor_actor> preprocessors;
  lane_stage_actor first; ///< the lane's first stage that keeps order: batches reach it by way of a preprocessor
  node_actor node;
  partition_reader_options options;
  core::credit_window credit{0};
  core::offset next{};        ///< after the last record sent
  model_set_ptr next_models;  ///< from the next barrier on; null: no others
  bool is_behind = false;     ///< the source has gone back to before it
  std::uint64_t sequence = 0; ///< of the next item
  bool paused = false;
  bool ended = false;    ///< the last barrier is sent
  bool told_end = false; ///< the node knows that the source is exhausted
};

/// Reads one partition and sends its blocks to the preprocessors in turn, never more than the window allows. It leaves
/// records where they are when there is no credit: that is the back-pressure.
///
/// Where ticks are wanted it sends one every `tick_ms`, a block without records, in order with all others, but only
/// while the source is known to be read to its end and nothing is on its way in the lane. So there is one at most, a
/// lane that is slow, behind or paused has none, and a source that cannot say where it ends (a file) never has: there
/// time goes by records alone.
partition_reader_actor::behavior_type
partition_reader(partition_reader_actor::stateful_pointer<partition_reader_state> self,
                 std::shared_ptr<io::record_source> source, std::vector<preprocessor_actor> preprocessors,
                 lane_stage_actor first, node_actor node, partition_reader_options options);

} // namespace weir::actors
