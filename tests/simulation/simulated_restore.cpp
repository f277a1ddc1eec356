#include "simulated_node.hpp"

#include <utility>

namespace weir::core {

using std::chrono::milliseconds;

void simulated_restore::begin(std::uint64_t number, const std::vector<partition_id>& of) {
  last_ = number;
  questions_.push_back({number, false, of, world_.now + world_.delay(40), world_.now});
}

void simulated_restore::ask_places(std::uint64_t number, const std::vector<partition_id>& of) {
  questions_.push_back({number, true, of, world_.now + world_.delay(10), world_.now});
}

void simulated_restore::step() {
  std::deque<question> unanswered;
  for (auto& asked : std::exchange(questions_, {}))
    if (asked.due > world_.now || !answer(asked))
      unanswered.push_back(asked);
  questions_.insert(questions_.begin(), unanswered.begin(), unanswered.end());
}

std::uint64_t simulated_restore::number_of(const question& asked) const {
  return world_.bug == planted::stale_take_up ? last_ : asked.number;
}

/// False: not yet.
bool simulated_restore::answer(question& asked) {
  if (!world_.chance(world_.faults.answer / 4))
    return asked.is_of_offsets ? read_offsets(asked) : read_states(asked);
  if (asked.is_of_offsets)
    partitions_.places_known(number_of(asked), fail("no broker answers"));
  else
    partitions_.restored(number_of(asked), fail("no broker answers"));
  return true;
}

// As io/kafka/state.cpp: up to the end, or to where an open transaction hides it; one that stands still is fenced.
bool simulated_restore::read_states(question& asked) {
  std::vector<found_state> found;
  std::map<partition_id, changelog_replay> replays;
  for (const auto partition : asked.partitions) {
    auto state = world_.broker.state_of(value_of(partition));
    if (!state.at_end) {
      if (state.opened_by >= 0 && world_.now - asked.stands_since > milliseconds(100)) {
        world_.say("node " + std::to_string(state.opened_by) + " is fenced by a restore");
        static_cast<void>(world_.broker.init(state.opened_by));
        asked.stands_since = world_.now;
      }
      return false;
    }
    if (const auto whole = state.replay.finish(); !whole)
      world_.violate("I3: " + whole.error().text());
    const auto& last = state.replay.last();
    found.push_back({partition, last.has_value(), last ? last->next : offset{0}});
    replays[partition] = std::move(state.replay);
  }
  if (number_of(asked) == last_)
    replays_ = std::move(replays);
  partitions_.restored(number_of(asked), std::move(found));
  return true;
}

bool simulated_restore::read_offsets(const question& asked) {
  std::vector<group_place> places;
  for (const auto partition : asked.partitions) {
    const auto committed = world_.broker.stable_offset(value_of(partition));
    if (!committed)
      return false;
    places.push_back({partition, offset{*committed}, offset{0}, offset{world_.input_count(value_of(partition))}});
  }
  partitions_.places_known(number_of(asked), places);
  return true;
}

} // namespace weir::core
