#pragma once

#include "core/stats/figures.hpp"
#include "core/stats/lane_registry.hpp"

#include <cstdint>
#include <vector>

namespace weir::core {

/// What one lane showed at one moment. Its ledger are of one instant; the other counts may be some batches apart.
struct lane_snapshot {
  partition_id partition{};
  bool active = false; ///< the lane runs on this node now
  bool at_end = false; ///< its reader has come to the end of what it may read
  ledger_snapshot ledger;
  lane_values figures; ///< the ledger's among them
  latency_histogram::snapshot latency;

  /// Records whose effects are committed.
  std::uint64_t settled() const noexcept { return ledger.received - ledger.in_flight; }
};

/// Sums over the lanes of a node.
struct node_totals {
  ledger_snapshot ledger;
  std::uint64_t alerts = 0;
  std::int64_t lag = lane_stats::unknown; ///< see figure_sum
  std::int64_t imbalance = 0;             ///< sum of what the ledgers cannot account for, either way
  std::size_t lanes = 0;                  ///< that run now
};

/// All lanes that the node has or had, by partition.
std::vector<lane_snapshot> snapshot_of(const lane_registry& registry);

/// The figures of lanes, as absolute values, added up. What may be unknown is unknown in the sum too when one of the
/// lanes that run does not know it, or when none does run.
class figure_sum {
public:
  void add(const lane_values& of, bool is_active) noexcept;
  lane_values values() const noexcept;

private:
  lane_values sum_;
  lane_values known_;   ///< how many lanes have added to each figure
  lane_values missing_; ///< how many that run did not know it
};

/// The figures of all lanes.
lane_values sum_of(const std::vector<lane_snapshot>& lanes);

node_totals totals_of(const std::vector<lane_snapshot>& lanes);

} // namespace weir::core
