#pragma once

#include "actors/interfaces.hpp"
#include "config/compile.hpp"
#include "core/alert_rules.hpp"
#include "core/node_watch.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace weir::actors {

struct supervisor_options {
  std::shared_ptr<core::node_watch> watch;
  std::chrono::milliseconds interval{1000}; ///< between two looks
  std::function<std::int64_t()> wall_clock; ///< ms since the epoch; empty: the system's
};

struct supervisor_state {
  static constexpr const char* name = "supervisor";

  /// An alert on its way to one sink.
  struct delivery {
    core::record_block_ptr alert;
    std::size_t sink = 0;
    bool is_due = true; ///< to be written, or written again
  };

  std::optional<core::engine_alerts> alerts; ///< the rules and what is firing
  supervisor_options options;
  output_set_ptr outputs;
  std::map<std::uint64_t, delivery> deliveries; ///< not acknowledged yet; grows with the alerts, not with the records
  std::uint64_t next_delivery = 0;
  std::int64_t now_ms = 0; ///< never goes back
};

/// Looks at the lanes at each interval, and writes the alerts of rules over the engine, outside of any transaction:
/// each at least once, again until it is delivered. What is not delivered when it ends is logged.
supervisor_actor::behavior_type supervisor(supervisor_actor::stateful_pointer<supervisor_state> self,
                                           std::shared_ptr<const config::lane_plan> plan, supervisor_options options);

} // namespace weir::actors
