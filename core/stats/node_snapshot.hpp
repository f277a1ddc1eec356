#pragma once

#include "core/stats/lane_registry.hpp"

#include <cstdint>
#include <vector>

namespace weir::core {

/// What one lane showed at one moment. Its ledger are of one instant; the other counts may be some batches apart.
struct lane_snapshot {
  partition_id partition{};
  bool active = false; ///< the lane runs on this node now
  ledger_snapshot ledger;
  std::uint64_t bytes = 0;
  std::uint64_t batches = 0;
  std::uint64_t alerts = 0;
  std::uint64_t evictions = 0;
  std::uint64_t late = 0;
  std::int64_t keys = 0;
  std::uint64_t bytes_in_flight = 0; ///< that count against the lane's credit
  std::int64_t lag = 0;              ///< 0 for a lane that is elsewhere
  std::int64_t last_offset = lane_stats::unknown;
  std::int64_t committed = lane_stats::unknown;
  std::int64_t high_watermark = lane_stats::unknown;
  std::int64_t last_timestamp = lane_stats::unknown; ///< ms since the epoch
  std::int64_t last_progress = lane_stats::unknown;  ///< ms since the epoch
  latency_histogram::snapshot latency;

  /// Records whose effects are committed.
  std::uint64_t settled() const noexcept { return ledger.emitted + ledger.filtered + ledger.dead_lettered; }
};

/// Sums over the lanes of a node.
struct node_totals {
  ledger_snapshot ledger;
  std::uint64_t alerts = 0;
  std::int64_t lag = 0;
  std::int64_t imbalance = 0; ///< sum of what the ledgers cannot account for, either way
  std::size_t lanes = 0;      ///< that run now
};

/// All lanes that the node has or had, by partition.
std::vector<lane_snapshot> snapshot_of(const lane_registry& registry);

node_totals totals_of(const std::vector<lane_snapshot>& lanes);

} // namespace weir::core
