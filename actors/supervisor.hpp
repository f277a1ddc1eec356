#pragma once

#include "actors/interfaces.hpp"
#include "config/compile.hpp"
#include "core/cluster/supervision.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace weir::actors {

struct supervisor_options {
  core::supervision_options supervision;
  cluster_view_ptr predecessor; ///< the last that was heard of another; null: this node has heard of none
  /// How long the others have to tell of a predecessor. Until then nothing is wanted and no rule is looked at.
  std::chrono::milliseconds grace{0};
  std::chrono::milliseconds interval{250};       ///< between two looks
  std::chrono::milliseconds last_delivery{5000}; ///< how long alerts may take at the end
  std::function<std::int64_t()> wall_clock;      ///< ms since the epoch; empty: the system's
};

struct supervisor_state {
  static constexpr const char* name = "supervisor";

  /// An alert on its way to one sink.
  struct delivery {
    core::record_block_ptr alert;
    std::size_t sink = 0;
    bool is_due = true; ///< to be written, or written again
  };

  std::optional<core::supervision> pipeline; ///< what is known of it
  frame_actor audience;
  supervisor_options options;
  output_set_ptr outputs;
  std::map<std::uint64_t, delivery> deliveries; ///< not acknowledged yet; grows with the alerts, not with the records
  std::uint64_t next_delivery = 0;
  std::int64_t now_ms = 0;                          ///< never goes back
  core::supervision::instant begin_at{};            ///< when the grace is over
  std::optional<core::supervision::instant> end_by; ///< it is to end
};

/// The one of a pipeline: it hears the nodes' frames, shares out credit, merges the cluster-wide averages, and at each
/// interval sends its view, as a frame, to `audience`. It writes the alerts of rules over the engine and over those
/// averages, outside of any transaction: each at least once, again until it is delivered. It ends with its audience;
/// what is not delivered then is logged.
supervisor_actor::behavior_type supervisor(supervisor_actor::stateful_pointer<supervisor_state> self,
                                           std::shared_ptr<const config::lane_plan> plan, frame_actor audience,
                                           supervisor_options options);

} // namespace weir::actors
