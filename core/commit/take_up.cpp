#include "core/commit/take_up.hpp"

#include <utility>

namespace weir::core {

result<std::vector<lane_origin>> origins_of(const std::vector<found_state>& states,
                                            const std::vector<partition_offset>& committed, const std::string& source) {
  std::vector<lane_origin> origins;
  for (std::size_t i = 0; i < states.size(); ++i) {
    const auto& state = states[i];
    const auto of_group = committed[i].next;
    if (state.found && state.next != of_group)
      return fail("the state of partition " + std::to_string(value_of(state.partition)) + " reflects offset "
                      + std::to_string(value_of(state.next)) + ", the group's offset is "
                      + std::to_string(value_of(of_group)),
                  source, "were the group's offsets changed by hand? remove the state topic to begin without state");
    const bool known = value_of(of_group) >= 0;
    origins.push_back({state.partition, known ? of_group : offset{0}, known ? of_group : offset{-1}});
  }
  return origins;
}

void take_up::join() {
  if (phase_ != phase::out)
    return;
  phase_ = phase::idle;
  commands_.join();
}

void take_up::leave(std::uint64_t round) {
  round_ = round;
  if (phase_ == phase::out)
    return;
  phase_ = phase::out;
  partitions_.clear();
  commands_.know_lanes(false);
  commands_.let_go();
  commands_.leave();
}

void take_up::assigned(std::vector<partition_id> partitions, bool with_control) {
  if (phase_ == phase::out) {
    commands_.let_go();
    return;
  }
  partitions_ = std::move(partitions);
  control_ = with_control;
  commands_.lead(control_);
  if (phase_ == phase::returning) // the client has taken an earlier let_go() for its answer
    reassigned_ = true;
  else
    begin();
}

void take_up::revoked(bool lost) {
  if (phase_ == phase::out) {
    commands_.let_go();
    return;
  }
  commands_.know_lanes(false);
  // A rebalance is no reason to give the lead up; a lost assignment is: another has it by now.
  if (lost)
    commands_.lead(false);
  if (partitions_.empty()) {
    phase_ = phase::idle;
    commands_.let_go();
    return;
  }
  phase_ = phase::returning;
  reassigned_ = false;
  commands_.end_lanes(lost);
}

void take_up::lanes_started() {
  if (phase_ != phase::starting)
    return;
  phase_ = phase::fetching;
  commands_.fetch(from_, control_);
}

void take_up::lanes_ended(std::uint64_t round) {
  round_ = round;
  if (phase_ == phase::out || phase_ == phase::idle)
    return;
  commands_.let_go();
  if (phase_ == phase::returning && std::exchange(reassigned_, false)) {
    begin();
  } else if (phase_ == phase::returning) {
    phase_ = phase::idle;
    partitions_.clear();
  } else { // also when they ended for partitions that were given back already: what was asked for is of an older round
    begin();
  }
}

void take_up::begin() {
  if (partitions_.empty()) {
    phase_ = phase::idle;
    commands_.fetch({}, control_);
    commands_.know_lanes(true);
    return;
  }
  phase_ = phase::restoring;
  offsets_.clear();
  commands_.restore(++number_, partitions_);
}

void take_up::restored(std::uint64_t number, result<std::vector<found_state>> states) {
  if (!is_current(number))
    return;
  if (!states) {
    fail(states.error());
    return;
  }
  states_ = *std::move(states);
  if (offsets_.empty())
    commands_.ask_offsets(number, partitions_);
  else
    start();
}

void take_up::offsets_known(std::uint64_t number, const result<std::vector<partition_offset>>& offsets) {
  if (!is_current(number))
    return;
  if (!offsets) {
    fail(offsets.error());
    return;
  }
  offsets_ = *offsets;
  // Another node may have committed in between. Where there was a state, it shows: the two do not agree. Where there
  // was none, a look behind the offsets tells whether there is none still.
  bool is_new = false;
  for (std::size_t i = 0; i < states_.size(); ++i)
    is_new = is_new || (!states_[i].found && value_of(offsets_[i].next) >= 0);
  if (is_new)
    commands_.restore(number, partitions_);
  else
    start();
}

void take_up::start() {
  const auto origins = origins_of(states_, offsets_, source_);
  if (!origins) {
    fail(origins.error());
    return;
  }
  from_.clear();
  for (const auto& origin : *origins)
    from_.push_back({origin.partition, origin.fetch_from});
  phase_ = phase::starting;
  commands_.start_lanes(round_, *origins);
}

void take_up::retry(std::uint64_t number) {
  if (is_current(number))
    begin();
}

} // namespace weir::core
