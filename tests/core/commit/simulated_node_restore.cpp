// How a simulated node takes its partitions up, as actors/consumer.cpp and node.cpp do.

#include "simulated_node.hpp"

#include <algorithm>
#include <utility>

namespace weir::core {

using std::chrono::milliseconds;

void simulated_node::step_restore() {
  for (auto work = restoring_.begin(); work != restoring_.end() && !lanes_end_at_;) {
    const auto partition = work->first;
    const bool finished = world_.now >= work->second.due && restore(partition, work->second);
    if (finished)
      work = restoring_.erase(work);
    else
      ++work;
  }
}

// The state first, then the group's offset, at different moments, as actors/consumer.cpp does.
bool simulated_node::restore(int partition, restoring& work) {
  if (!work.state_read) {
    const auto found = world_.broker.state_of(partition);
    if (found.at_end) {
      work.state_read = true;
      work.marker = found.marker;
      work.due = world_.now + world_.delay(10);
    } else if (found.marker && world_.now - work.since > milliseconds(100)) {
      static_cast<void>(world_.broker.init(found.marker->writer));
      work.since = world_.now;
    }
    return false;
  }
  const auto committed = world_.broker.stable_offset(partition);
  if (!committed)
    return false;
  const auto next = work.marker ? work.marker->at : transactional() ? 0 : *committed;
  const auto state = work.marker ? work.marker->state : 0;
  if (generation_ != world_.generation) {
    work.state_read = false; // another one may own it by now
    return false;
  }
  if (transactional() && next != *committed)
    world_.violate("I1: node " + std::to_string(number_) + " restores " + std::to_string(next)
                   + " while the group is at " + std::to_string(*committed));
  if (state != world_.state_at(partition, next))
    world_.violate("I3: the restored state of " + std::to_string(partition) + " is not that of "
                   + std::to_string(next));
  if (protocol_->closed()) {
    if (renew_ && world_.chance(world_.faults.answer)) {
      work.due = world_.now + milliseconds(20);
      return false;
    }
    if (std::exchange(renew_, false)) {
      wire_.clear();
      if (transactional())
        producer_ = world_.broker.init(number_);
      in_transaction_ = tainted_ = committing_ = false;
    }
    protocol_->restart(world_.now);
    if (protocol_->closed())
      return false;
  }
  add_lane(partition, next, state);
  return true;
}

void simulated_node::add_lane(int partition, std::int64_t next, std::uint64_t state) {
  if (std::any_of(lanes_.begin(), lanes_.end(), [](const auto& l) { return l.second.frozen; }))
    ++world_.counts.late_lanes;
  lanes_.erase(partition);
  auto& lane = lanes_[partition];
  lane.partition = partition;
  lane.serial = ++serials_;
  lane.read = lane.committed = lane.next = next;
  lane.state = state;
  protocol_->add_lane(partition_id{partition}, offset{next}, world_.now);
}

} // namespace weir::core
