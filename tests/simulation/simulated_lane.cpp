#include "simulated_lane.hpp"

#include <algorithm>

namespace weir::core {

using std::chrono::milliseconds;
using topic = simulated_broker::topic;
using record = simulated_broker::record;

namespace {

constexpr std::size_t lane_capacity = 5;
constexpr std::uint64_t opening_ticket = simulated_lane::changelog_ticket - 1;

} // namespace

simulated_lane::simulated_lane(simulated_world& world, simulated_lane_world& around, int node, begin from) :
    world_{world}, around_{around}, node_{node}, from_{from}, read_{from.next}, state_{from.state},
    output_{*this, {offset{from.next}, transactional() ? output_rule::in_transaction : output_rule::before_the_state}} {
}

void simulated_lane::cut(epoch at, bool last) {
  if (ended_)
    return;
  ended_ = last;
  const auto due = to_fold_.empty() ? world_.now : std::max(world_.now, to_fold_.back().due);
  to_fold_.push_back({due, simulated_barrier{at, read_, {}}});
}

void simulated_lane::release(bool last) {
  frozen_ = false;
  output_.release(last);
}

void simulated_lane::step() {
  read_some();
  while (!to_fold_.empty() && to_fold_.front().due <= world_.now) {
    auto i = std::move(to_fold_.front().what);
    to_fold_.pop_front();
    fold(std::move(i));
  }
  while (!to_emit_.empty() && to_emit_.front().due <= world_.now) {
    auto i = std::move(to_emit_.front().what);
    to_emit_.pop_front();
    emit(std::move(i));
  }
  if (!ledger_.balanced())
    world_.violate("I4: the ledger of " + std::to_string(from_.partition) + " does not balance");
}

void simulated_lane::read_some() {
  const auto there = world_.input_count(from_.partition) - read_;
  if (!fetching_ || held_ || ended_ || there == 0 || in_flight_ >= lane_capacity || world_.chance(400))
    return;
  simulated_batch batch;
  batch.first = read_;
  read_ = batch.end = read_ + std::min<std::int64_t>(there, 1 + world_.below(3));
  ++in_flight_;
  ledger_.receive(static_cast<std::uint64_t>(batch.end - batch.first));
  const auto earliest = to_fold_.empty() ? world_.now : std::max(world_.now, to_fold_.back().due);
  const auto takes = world_.chance(world_.faults.stall) ? milliseconds(250) : world_.delay(4);
  to_fold_.push_back({earliest + takes, std::move(batch)});
}

void simulated_lane::fold(item i) {
  if (auto* batch = std::get_if<simulated_batch>(&i)) {
    for (auto at = batch->first; at < batch->end; ++at) {
      const auto& in = world_.input_at(from_.partition, at);
      if (!in.kept)
        continue;
      state_[in.key] = in.fold(state_[in.key]);
      changed_.insert(in.key);
      batch->outputs.emplace_back(at, state_[in.key]);
    }
  } else {
    std::get<simulated_barrier>(i).changes = take_changes();
  }
  const auto earliest = to_emit_.empty() ? world_.now : std::max(world_.now, to_emit_.back().due);
  to_emit_.push_back({earliest + world_.delay(4), std::move(i)});
}

std::vector<record> simulated_lane::take_changes() {
  std::vector<record> changes;
  for (const auto key : std::exchange(changed_, {})) {
    record change{.key = key_text(key)};
    if (state_[key] != 0)
      change.value = std::to_string(state_[key]);
    changes.push_back(std::move(change));
  }
  return changes;
}

void simulated_lane::emit(item i) {
  if (auto* batch = std::get_if<simulated_batch>(&i)) {
    output_.take(std::move(*batch));
  } else {
    auto mark = std::get<simulated_barrier>(std::move(i));
    const auto at = mark.at;
    const auto next = offset{mark.end};
    output_.take(std::move(mark), at, next);
  }
}

void simulated_lane::written(std::uint64_t ticket, bool ok) {
  if (ticket == changelog_ticket)
    output_.changes_written(ok);
  else
    output_.written(ticket, ok);
}

void simulated_lane::begin_transaction() {
  const record note{.key = std::string{marker::opening_key}, .value = std::to_string(node_)};
  around_.produce(from_.partition, from_.serial, topic::state, note, opening_ticket, true);
}

written_batch simulated_lane::write(const simulated_batch& batch, std::uint64_t ticket) {
  if (transactional() && frozen_)
    world_.violate("I5: partition " + std::to_string(from_.partition) + " produces between done and committed");
  for (const auto& [at, value] : batch.outputs)
    around_.produce(from_.partition, from_.serial, topic::output, {.at = at, .state = value}, ticket,
                    at == batch.outputs.back().first);
  const auto records = static_cast<std::uint64_t>(batch.end - batch.first);
  return {batch.outputs.empty() ? 0u : 1u,
          {{.received = records, .emitted = batch.outputs.size(), .filtered = records - batch.outputs.size()}}};
}

void simulated_lane::write_changes(simulated_barrier& mark, epoch at, offset next) {
  const marker last{partition_id{from_.partition}, at, next, std::to_string(node_)};
  mark.changes.push_back({.key = std::string{marker::key}, .value = last.encode()});
  for (std::size_t i = 0; i < mark.changes.size(); ++i)
    around_.produce(from_.partition, from_.serial, topic::state, mark.changes[i], changelog_ticket,
                    i + 1 == mark.changes.size());
}

void simulated_lane::done(simulated_barrier, epoch at, offset next, bool changed) {
  frozen_ = true;
  around_.done(from_.partition, at, value_of(next), changed);
}

void simulated_lane::committed(offset, const epoch_counts& counts) {
  ledger_.settle(counts.records);
}

} // namespace weir::core
