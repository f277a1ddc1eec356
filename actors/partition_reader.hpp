#pragma once

#include "actors/interfaces.hpp"
#include "core/cluster/credit_window.hpp"
#include "core/stats/lane_stats.hpp"
#include "core/stats/ledger.hpp"
#include "io/label_reader.hpp"

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
partition_reader_actor::behavior_type
partition_reader(partition_reader_actor::stateful_pointer<partition_reader_state> self,
                 std::shared_ptr<io::record_source> source, std::vector<preprocessor_actor> preprocessors,
                 lane_stage_actor first, node_actor node, partition_reader_options options);

} // namespace weir::actors
