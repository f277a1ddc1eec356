#include "core/stats/node_snapshot.hpp"

#include <cstdlib>

namespace weir::core {

std::vector<lane_snapshot> snapshot_of(const lane_registry& registry) {
  std::vector<lane_snapshot> out;
  for (const auto& lane : registry.lanes()) {
    const auto& stats = *lane.stats;
    auto& shown = out.emplace_back();
    shown.partition = lane.partition;
    shown.active = lane.active;
    shown.ledger = lane.ledger->snapshot();
    shown.bytes = stats.bytes;
    shown.batches = stats.batches;
    shown.alerts = stats.alerts;
    shown.evictions = stats.evictions;
    shown.late = stats.late;
    shown.keys = stats.keys;
    shown.bytes_in_flight =
        lane.active ? static_cast<std::uint64_t>(stats.bytes_in_flight.load(std::memory_order_relaxed)) : 0;
    shown.lag = lane.active ? stats.lag() : 0;
    shown.last_offset = stats.last_offset;
    shown.committed = stats.committed;
    shown.high_watermark = stats.high_watermark;
    shown.last_timestamp = stats.last_timestamp;
    shown.last_progress = stats.last_progress;
    shown.latency = stats.latency.read();
  }
  return out;
}

node_totals totals_of(const std::vector<lane_snapshot>& lanes) {
  node_totals out;
  for (const auto& lane : lanes) {
    out.ledger.received += lane.ledger.received;
    out.ledger.emitted += lane.ledger.emitted;
    out.ledger.filtered += lane.ledger.filtered;
    out.ledger.dead_lettered += lane.ledger.dead_lettered;
    out.ledger.in_flight += lane.ledger.in_flight;
    out.alerts += lane.alerts;
    out.lag += lane.lag;
    out.imbalance += std::abs(lane.ledger.imbalance());
    out.lanes += lane.active ? 1 : 0;
  }
  return out;
}

} // namespace weir::core
