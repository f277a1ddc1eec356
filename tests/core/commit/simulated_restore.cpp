#include "simulated_node.hpp"

#include <utility>

namespace weir::core {

using std::chrono::milliseconds;

void simulated_restore::begin(std::uint64_t number, const std::vector<partition_id>& of) {
  phase_ = phase::states;
  number_ = number;
  markers_.clear();
  for (const auto partition : of)
    markers_[partition] = std::nullopt;
  stands_since_ = world_.now;
  due_ = world_.now + world_.delay(40);
}

void simulated_restore::ask_offsets(std::uint64_t number) {
  phase_ = phase::offsets;
  number_ = number;
  due_ = world_.now + world_.delay(10);
}

void simulated_restore::step() {
  if (phase_ == phase::idle || world_.now < due_)
    return;
  if (world_.chance(world_.faults.answer / 4)) {
    if (std::exchange(phase_, phase::idle) == phase::states)
      partitions_.restored(number_, fail("no broker answers"));
    else
      partitions_.offsets_known(number_, fail("no broker answers"));
  } else if (phase_ == phase::states) {
    read_states();
  } else {
    read_offsets();
  }
}

// As io/kafka/state.cpp: up to the end, or to where an open transaction hides it; one that stands still is fenced.
void simulated_restore::read_states() {
  std::vector<found_state> found;
  for (auto& [partition, marker] : markers_) {
    const auto state = world_.broker.state_of(value_of(partition));
    if (!state.at_end) {
      if (state.marker && world_.now - stands_since_ > milliseconds(100)) {
        static_cast<void>(world_.broker.init(state.marker->writer));
        stands_since_ = world_.now;
      }
      return;
    }
    marker = state.marker;
    found.push_back({partition, marker.has_value(), offset{marker ? marker->at : 0}});
  }
  phase_ = phase::idle;
  partitions_.restored(number_, std::move(found));
}

void simulated_restore::read_offsets() {
  std::vector<partition_offset> offsets;
  for (const auto& [partition, marker] : markers_) {
    const auto committed = world_.broker.stable_offset(value_of(partition));
    if (!committed)
      return;
    offsets.push_back({partition, offset{*committed}});
  }
  phase_ = phase::idle;
  partitions_.offsets_known(number_, offsets);
}

std::uint64_t simulated_restore::state_of(partition_id partition) const {
  const auto& marker = markers_.at(partition);
  return marker ? marker->state : 0;
}

} // namespace weir::core
