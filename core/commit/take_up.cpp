#include "core/commit/take_up.hpp"

#include <algorithm>
#include <utility>

namespace weir::core {

namespace {

/// So many attempts in a row tell what was changed from what changes: a leader that does not know the end of its log
/// yet, a commit between two questions.
constexpr int most_contradictions = 10;

std::string log_of(const group_place& place, const std::string& source) {
  return "the log of " + source + "/" + std::to_string(value_of(place.partition));
}

std::string number(offset at) {
  return std::to_string(value_of(at));
}

offset start_without_offset(const group_place& place, start_rule rule) {
  return rule.without_offset == offset_reset::latest ? place.log_end : place.log_start;
}

bool has_lost(const group_place& place) {
  return place.committed && *place.committed < place.log_start;
}

} // namespace

result<std::vector<lane_origin>> origins_of(const std::vector<found_state>& states,
                                            const std::vector<group_place>& places, start_rule rule,
                                            const std::string& source) {
  std::vector<lane_origin> origins;
  for (std::size_t i = 0; i < states.size(); ++i) {
    const auto& state = states[i];
    const auto& place = places[i];
    if (state.found && state.next != place.committed)
      return fail("the state of partition " + std::to_string(value_of(state.partition)) + " reflects offset "
                      + number(state.next) + ", the group's offset is "
                      + (place.committed ? number(*place.committed) : "none"),
                  source,
                  "was the topic made anew, or were the group's offsets changed? remove the state topic to begin "
                  "without state");
    const auto next = place.committed.value_or(start_without_offset(place, rule));
    origins.push_back({state.partition, std::max(next, place.log_start),
                       has_lost(place) ? static_cast<std::uint64_t>(value_of(place.log_start) - value_of(next)) : 0});
  }
  return origins;
}

std::optional<error> why_not_begin(const std::vector<group_place>& places, start_rule rule, const std::string& source) {
  for (const auto& place : places) {
    const auto log = log_of(place, source);
    if (!place.committed && rule.without_offset == offset_reset::error)
      return error{"the group has no offset for " + log + ", and auto.offset.reset is error",
                   {},
                   "set it to earliest or latest, or give the group an offset"};
    if (!place.committed && place.log_start > place.log_end)
      return error{log + " ends at offset " + number(place.log_end) + ", and is to be begun at "
                       + number(place.log_start),
                   {},
                   "set 'start' in source.kafka to what is there"};
    if (has_lost(place) && !rule.accepts_loss)
      return error{
          log + " begins at offset " + number(place.log_start) + " by now, and was read only up to "
              + number(*place.committed),
          {},
          "retention has removed records that were never read: set accept_data_loss: true in source.kafka to go "
          "on without them"};
  }
  return std::nullopt;
}

std::optional<error> log_cut_short(const std::vector<group_place>& places, const std::string& source) {
  for (const auto& place : places)
    if (place.committed && *place.committed > place.log_end)
      return error{log_of(place, source) + " ends at offset " + number(place.log_end) + ", and was read up to "
                       + number(*place.committed),
                   {},
                   "was the topic made anew, or has it lost records? give the pipeline another name to begin anew"};
  return std::nullopt;
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
  places_.clear();
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
  if (places_.empty())
    commands_.ask_places(number, partitions_);
  else
    start();
}

void take_up::places_known(std::uint64_t number, const result<std::vector<group_place>>& places) {
  if (!is_current(number))
    return;
  if (!places) {
    fail(places.error());
    return;
  }
  places_ = *places;
  // Another node may have committed in between. Where there was a state, it shows: the two do not agree. Where there
  // was none, a look behind the offsets tells whether there is none still.
  bool is_new = false;
  for (std::size_t i = 0; i < states_.size(); ++i)
    is_new = is_new || (!states_[i].found && places_[i].committed);
  if (is_new)
    commands_.restore(number, partitions_);
  else
    start();
}

void take_up::start() {
  const auto origins = origins_of(states_, places_, rule_, source_);
  if (!origins) {
    contradict(origins.error());
    return;
  }
  if (const auto why = why_not_begin(places_, rule_, source_)) {
    commands_.give_up(*why);
    return;
  }
  if (const auto why = log_cut_short(places_, source_)) {
    contradict(*why);
    return;
  }
  contradictions_ = 0;
  from_.clear();
  for (const auto& origin : *origins)
    from_.push_back({origin.partition, origin.next});
  phase_ = phase::starting;
  commands_.start_lanes(round_, *origins);
}

void take_up::contradict(const error& why) {
  if (++contradictions_ < most_contradictions)
    fail(why);
  else
    commands_.give_up(why);
}

void take_up::retry(std::uint64_t number) {
  if (is_current(number))
    begin();
}

} // namespace weir::core
