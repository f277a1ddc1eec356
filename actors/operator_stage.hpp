#pragma once

#include "actors/interfaces.hpp"
#include "core/batch/sequencer.hpp"
#include "core/keyed/ordered_operator.hpp"

#include <memory>
#include <vector>

namespace weir::actors {

/// The stateful operators of one place in a lane, in the order in which they run.
using operator_list = std::vector<std::shared_ptr<core::ordered_operator>>;

struct operator_stage_state {
  static constexpr const char* name = "operator_stage";

  core::sequencer<lane_item> order;
  operator_list operators;                   ///< this actor alone uses them
  bool has_ticked = false;                   ///< since the last barrier
  core::operator_counts told;                ///< of the operators, as of the last barrier
  std::vector<inferencer_actor> inferencers; ///< next in line for batches; empty: `next`
  lane_stage_actor next;                     ///< barriers go straight there
};

/// Runs what needs order and holds state: windows, detectors, alert rules. A lane has one after the inference; when a
/// model reads a rolling column, the windows stand in a second one before it. Ends by a lane_failure() when one of them
/// cannot go on.
lane_stage_actor::behavior_type operator_stage(lane_stage_actor::stateful_pointer<operator_stage_state> self,
                                               operator_list operators, std::vector<inferencer_actor> inferencers,
                                               lane_stage_actor next);

} // namespace weir::actors
