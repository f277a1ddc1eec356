#pragma once

#include "actors/interfaces.hpp"
#include "config/lane_plan.hpp"
#include "core/batch/sequencer.hpp"
#include "core/keyed/ordered_operator.hpp"

#include <memory>
#include <vector>

namespace weir::actors {

using config::operator_list;

struct operator_stage_state {
  static constexpr const char* name = "operator_stage";

  core::sequencer<lane_item> order;
  operator_list operators;                   ///< this actor alone uses them
  bool has_ticked = false;                   ///< since the last barrier
  core::operator_counts told;                ///< of the operators, as of the last barrier
  std::vector<inferencer_actor> inferencers; ///< next in line for batches; empty: `next`
  lane_stage_actor next;                     ///< barriers go straight there
  std::size_t stage = 0;                     ///< for the inferencers: which of the lane this is
};

/// Runs what needs order in one stage of a lane: windows, detectors, alert rules. Ends by a lane_failure() when one of
/// them cannot go on.
lane_stage_actor::behavior_type operator_stage(lane_stage_actor::stateful_pointer<operator_stage_state> self,
                                               operator_list operators, std::vector<inferencer_actor> inferencers,
                                               lane_stage_actor next, std::size_t stage);

} // namespace weir::actors
