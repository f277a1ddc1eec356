#include "core/stats/node_watch.hpp"

#include <algorithm>

namespace weir::core {

const char* to_string(node_phase phase) noexcept {
  switch (phase) {
  case node_phase::starting: return "starting";
  case node_phase::running: return "running";
  case node_phase::paused: return "paused";
  case node_phase::draining: return "draining";
  case node_phase::drained: return "drained";
  case node_phase::stopping: return "stopping";
  }
  return "";
}

void node_watch::wait_for(std::string reason) {
  const std::lock_guard lock{mutex_};
  waits_for_ = std::move(reason);
}

void node_watch::begin() {
  const std::lock_guard lock{mutex_};
  has_begun_ = true;
}

void node_watch::show(goal wanted, bool reached) {
  const std::lock_guard lock{mutex_};
  if (phase_ == node_phase::stopping)
    return;
  switch (wanted) {
  case goal::running: phase_ = node_phase::running; break;
  case goal::paused: phase_ = node_phase::paused; break;
  case goal::drained: phase_ = reached ? node_phase::drained : node_phase::draining; break;
  case goal::stopped: phase_ = node_phase::stopping; break;
  }
}

void node_watch::broker_away(std::string reason) {
  const std::lock_guard lock{mutex_};
  away_ = std::move(reason);
}

void node_watch::outputs_stuck(std::string reason) {
  const std::lock_guard lock{mutex_};
  stuck_ = std::move(reason);
}

void node_watch::fail(std::string reason) {
  const std::lock_guard lock{mutex_};
  failure_ = std::move(reason);
}

void node_watch::look(time now) {
  const auto seen = lanes();
  const std::lock_guard lock{mutex_};
  std::map<partition_id, progress> next;
  for (const auto& lane : seen) {
    if (!lane.active)
      continue;
    const auto before = progress_.find(lane.partition);
    auto& entry = next[lane.partition];
    entry.settled = lane.settled();
    const bool has_work = (lane.figures["lag"] > 0 && !lane.at_end) || lane.ledger.in_flight > 0;
    const bool stands = has_work && shown_phase() == node_phase::running && before != progress_.end()
                        && before->second.settled == entry.settled;
    entry.since = stands ? before->second.since : now;
    entry.is_stalled = stands && now - entry.since >= stall_timeout_;
  }
  progress_ = std::move(next);
}

node_phase node_watch::phase() const {
  const std::lock_guard lock{mutex_};
  return shown_phase();
}

node_phase node_watch::shown_phase() const {
  return has_begun_ || phase_ == node_phase::stopping ? phase_ : node_phase::starting;
}

readiness node_watch::ready() const {
  const std::lock_guard lock{mutex_};
  if (!failure_.empty())
    return {false, failure_};
  switch (shown_phase()) {
  case node_phase::starting: return {false, stuck_.empty() ? waits_for_ : stuck_};
  case node_phase::draining: return {false, "the pipeline is being drained"};
  case node_phase::drained: return {false, "the pipeline is drained"};
  case node_phase::stopping: return {false, "the node is stopping"};
  case node_phase::running:
  case node_phase::paused: break;
  }
  if (!away_.empty())
    return {false, away_};
  if (!stuck_.empty())
    return {false, stuck_};
  if (!lanes_->knows_lanes())
    return {false, "the node waits for its partitions"};
  const auto standing = stalled_lanes();
  if (standing.empty())
    return {true, {}};
  std::string names;
  for (const auto partition : standing)
    names += (names.empty() ? "" : ", ") + std::to_string(value_of(partition));
  return {false, (standing.size() == 1 ? "no progress in partition " : "no progress in partitions ") + names + " for "
                     + std::to_string(stall_timeout_.count()) + " ms"};
}

std::vector<partition_id> node_watch::stalled() const {
  const std::lock_guard lock{mutex_};
  return stalled_lanes();
}

std::vector<partition_id> node_watch::stalled_lanes() const {
  std::vector<partition_id> out;
  for (const auto& [partition, entry] : progress_)
    if (entry.is_stalled)
      out.push_back(partition);
  return out;
}

} // namespace weir::core
