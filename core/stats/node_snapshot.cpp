#include "core/stats/node_snapshot.hpp"

#include <cstdlib>

namespace weir::core {

std::vector<lane_snapshot> snapshot_of(const lane_registry& registry) {
  std::vector<lane_snapshot> out;
  for (const auto& lane : registry.lanes()) {
    auto& shown = out.emplace_back();
    shown.partition = lane.partition;
    shown.active = lane.active;
    shown.at_end = lane.stats->is_at_end();
    shown.ledger = lane.ledger->snapshot();
    shown.figures = read_figures({shown.ledger, *lane.stats, lane.active});
    shown.latency = lane.stats->latency.read();
  }
  return out;
}

void figure_sum::add(const lane_values& of, bool is_active) noexcept {
  for (std::size_t i = 0; i < of.by_index.size(); ++i) {
    if (lane_figures()[i].is_known(of.by_index[i])) {
      sum_.by_index[i] += std::abs(of.by_index[i]);
      ++known_.by_index[i];
    } else if (is_active) {
      ++missing_.by_index[i];
    }
  }
}

lane_values figure_sum::values() const noexcept {
  auto out = sum_;
  for (std::size_t i = 0; i < out.by_index.size(); ++i)
    if (lane_figures()[i].may_be_unknown && (missing_.by_index[i] > 0 || known_.by_index[i] == 0))
      out.by_index[i] = lane_stats::unknown;
  return out;
}

lane_values sum_of(const std::vector<lane_snapshot>& lanes) {
  figure_sum sum;
  for (const auto& lane : lanes)
    sum.add(lane.figures, lane.active);
  return sum.values();
}

node_totals totals_of(const std::vector<lane_snapshot>& lanes) {
  node_totals out;
  out.lag = sum_of(lanes)["lag"];
  for (const auto& lane : lanes) {
    out.ledger.received += lane.ledger.received;
    out.ledger.emitted += lane.ledger.emitted;
    out.ledger.filtered += lane.ledger.filtered;
    out.ledger.windowed += lane.ledger.windowed;
    out.ledger.made += lane.ledger.made;
    out.ledger.dead_lettered += lane.ledger.dead_lettered;
    out.ledger.in_flight += lane.ledger.in_flight;
    out.alerts += static_cast<std::uint64_t>(lane.figures["alerts"]);
    out.imbalance += std::abs(lane.ledger.imbalance());
    out.lanes += lane.active ? 1 : 0;
  }
  return out;
}

} // namespace weir::core
