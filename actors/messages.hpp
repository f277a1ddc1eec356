#pragma once

#include "config/model_keeper.hpp"
#include "core/base/result.hpp"
#include "core/batch/batch.hpp"
#include "core/batch/record_block.hpp"
#include "core/cluster/cluster_messages.hpp"
#include "core/commit/commit_protocol.hpp"
#include "core/keyed/operator_counts.hpp"
#include "io/output_set.hpp"
#include "io/record_source.hpp"
#include "io/sink.hpp"

#include <caf/all.hpp>

#include <memory>
#include <string>
#include <vector>

// Every message type of the program, in one place. What has CAF_ALLOW_UNSAFE_MESSAGE_TYPE must never leave its node:
// CAF skips it when it serialises, without an error, and the other node gets one that is empty
// (tests/actors/messages_test.cpp). A type that is not registered at all vanishes as silently. So nodes speak to each
// other in frames of bytes (core/cluster/cluster_messages.hpp).

namespace weir::actors {

/// Travels through a lane after a batch and collects what the stateful stages changed since the last one. One stage at
/// a time holds it.
struct barrier {
  core::partition_id partition{};
  core::epoch at{};
  core::offset next{};        ///< of the first record that is not in front of it
  bool last = false;          ///< nothing comes after it
  bool moved = false;         ///< labels have come since the one before, or a tick has changed something, whether or
                              ///< not records have come
  core::record_block changes; ///< in the order of the stages
  std::string panes;          ///< for the supervisor, once the epoch is committed: an encoded pane_update, or empty
  std::vector<std::string> windows; ///< likewise, of the drift of the stream: encoded drift_updates
  core::operator_counts counts;     ///< keys and bytes of all stages; the others since the barrier before
};
using barrier_ptr = std::shared_ptr<barrier>;

/// What a lane's stages hand on: a batch or a barrier, numbered together from 0.
struct lane_item {
  std::uint64_t sequence = 0;
  core::batch_ptr batch; ///< or
  barrier_ptr barrier;
  config::model_set_ptr models{}; ///< for a batch: what it is scored with
};

/// A lane that is to be started, with its committed state.
struct lane_start {
  std::shared_ptr<io::record_source> source;
  io::restored_state state;
  std::uint64_t lost = 0; ///< see core::lane_origin
};
using lane_starts = std::shared_ptr<std::vector<lane_start>>;

/// Partitions whose state is to be read back, and what was read.
using partition_list = std::shared_ptr<const std::vector<core::partition_id>>;
using restored_states = std::shared_ptr<core::result<std::vector<io::restored_state>>>;

/// What the supervisor knows and wants.
using cluster_view_ptr = std::shared_ptr<const core::cluster_view>;

using config::model_set_ptr;

using config::loaded_models;

using output_set_ptr = std::shared_ptr<const io::output_set>;

struct raw_work;
struct batch_work;

} // namespace weir::actors
