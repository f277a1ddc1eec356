#include "core/stats/node_snapshot.hpp"

#include <cstdlib>

namespace weir::core {

std::vector<lane_snapshot> snapshot_of(const lane_registry& registry) {
  std::vector<lane_snapshot> out;
  for (const auto& lane : registry.lanes()) {
    auto& shown = out.emplace_back();
    shown.partition = lane.partition;
    shown.active = lane.active;
    shown.ledger = lane.ledger->snapshot();
    shown.figures = read_figures({shown.ledger, *lane.stats, lane.active});
    shown.latency = lane.stats->latency.read();
  }
  return out;
}

lane_values sum_of(const std::vector<lane_snapshot>& lanes) {
  lane_values sum;
  for (const auto& lane : lanes)
    for (std::size_t i = 0; i < sum.by_index.size(); ++i)
      sum.by_index[i] += std::abs(lane.figures.by_index[i]);
  return sum;
}

node_totals totals_of(const std::vector<lane_snapshot>& lanes) {
  node_totals out;
  for (const auto& lane : lanes) {
    out.ledger.received += lane.ledger.received;
    out.ledger.emitted += lane.ledger.emitted;
    out.ledger.filtered += lane.ledger.filtered;
    out.ledger.dead_lettered += lane.ledger.dead_lettered;
    out.ledger.in_flight += lane.ledger.in_flight;
    out.alerts += static_cast<std::uint64_t>(lane.figures["alerts"]);
    out.lag += lane.figures["lag"];
    out.imbalance += std::abs(lane.ledger.imbalance());
    out.lanes += lane.active ? 1 : 0;
  }
  return out;
}

} // namespace weir::core
