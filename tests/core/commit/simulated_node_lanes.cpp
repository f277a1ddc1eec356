// What the reader, the stages and the emitter of a simulated lane do.

#include "simulated_node.hpp"

#include <algorithm>
#include <utility>

namespace weir::core {

using std::chrono::milliseconds;
using topic = simulated_broker::topic;
using record = simulated_broker::record;

namespace {

constexpr std::uint64_t changelog_ticket = ~std::uint64_t{0};
constexpr std::size_t lane_capacity = 5;

} // namespace

void simulated_node::step_lane(simulated_lane& lane) {
  while (!lane.inbox.empty() && lane.inbox.front().due <= world_.now) {
    const auto c = lane.inbox.front();
    lane.inbox.pop_front();
    if (!c.cut) {
      release_lane(lane, c.last);
    } else if (lane.reading) {
      lane.reading = !c.last;
      simulated_lane::item i;
      i.end = lane.read;
      i.barrier = true;
      i.last = c.last;
      i.at = c.at;
      i.due = std::max(world_.now, lane.to_fold.empty() ? world_.now : lane.to_fold.back().due);
      lane.to_fold.push_back(std::move(i));
    }
  }
  read_some(lane);
  while (!lane.to_fold.empty() && lane.to_fold.front().due <= world_.now) {
    auto i = std::move(lane.to_fold.front());
    lane.to_fold.pop_front();
    fold(lane, std::move(i));
  }
  while (!lane.to_emit.empty() && lane.to_emit.front().due <= world_.now) {
    auto i = std::move(lane.to_emit.front());
    lane.to_emit.pop_front();
    handle(lane, std::move(i));
  }
  if (!lane.books.balanced())
    world_.violate("I4: the ledger of " + std::to_string(lane.partition) + " does not balance");
}

void simulated_node::read_some(simulated_lane& lane) {
  const auto there = world_.input_count(lane.partition) - lane.read;
  if (!lane.reading || there == 0 || lane.in_flight() >= lane_capacity || world_.chance(400))
    return;
  simulated_lane::item i;
  i.first = lane.read;
  lane.read = i.end = lane.read + std::min<std::int64_t>(there, 1 + world_.below(3));
  lane.books.receive(static_cast<std::uint64_t>(i.end - i.first));
  const auto earliest = lane.to_fold.empty() ? world_.now : std::max(world_.now, lane.to_fold.back().due);
  i.due = earliest + (world_.chance(world_.faults.stall) ? milliseconds(250) : world_.delay(4));
  lane.to_fold.push_back(std::move(i));
}

void simulated_node::fold(simulated_lane& lane, simulated_lane::item i) {
  for (auto at = i.first; !i.barrier && at < i.end; ++at) {
    const auto& in = world_.input_at(lane.partition, at);
    if (!in.kept)
      continue;
    // What the inputs add is known from two neighbours of the right sequence; the rest is this lane's own state.
    lane.state = lane.state * 31 + (in.after - world_.state_at(lane.partition, at) * 31);
    i.outputs.emplace_back(at, lane.state);
  }
  if (i.barrier)
    i.state = lane.state;
  const auto earliest = lane.to_emit.empty() ? world_.now : std::max(world_.now, lane.to_emit.back().due);
  i.due = earliest + world_.delay(4);
  lane.to_emit.push_back(std::move(i));
}

void simulated_node::handle(simulated_lane& lane, simulated_lane::item i) {
  if (lane.ended)
    return;
  if (!lane.open) {
    lane.held.push_back(std::move(i));
    return;
  }
  if (!i.barrier) {
    emit(lane, i);
    return;
  }
  lane.waiting = std::move(i);
  lane.waiting_below = lane.next_ticket;
  lane.open = !transactional();
  if (transactional() || lane.tickets.empty() || *lane.tickets.begin() >= lane.waiting_below)
    write_changes(lane);
}

void simulated_node::emit(simulated_lane& lane, const simulated_lane::item& i) {
  const auto ticket = lane.next_ticket++;
  lane.running += static_cast<std::uint64_t>(i.end - i.first);
  lane.running_kept += i.outputs.size();
  if (transactional() && !std::exchange(lane.noted, true))
    produce(lane, topic::state, {record::kind::note, 0, 0, number_}, changelog_ticket, false);
  if (i.outputs.empty())
    return;
  lane.tickets.insert(ticket);
  for (const auto& [at, value] : i.outputs)
    produce(lane, topic::output, {record::kind::output, at, value, number_}, ticket, at == i.outputs.back().first);
}

void simulated_node::write_changes(simulated_lane& lane) {
  if (lane.waiting->end == lane.committed) {
    report_done(lane);
    return;
  }
  lane.changelog_out = !transactional();
  produce(lane, topic::state, {record::kind::marker, lane.waiting->end, lane.waiting->state, number_}, changelog_ticket,
          true);
  if (transactional())
    report_done(lane);
}

void simulated_node::report_done(simulated_lane& lane) {
  const auto mark = *std::exchange(lane.waiting, std::nullopt);
  const bool changed = mark.end != lane.committed;
  lane.next = mark.end;
  lane.cut = std::exchange(lane.running, 0);
  lane.cut_kept = std::exchange(lane.running_kept, 0);
  lane.frozen = true;
  tell({{}, false, lane.partition, mark.at, mark.end, changed});
}

void simulated_node::release_lane(simulated_lane& lane, bool last) {
  lane.books.settle(lane.cut, lane.cut_kept, lane.cut - lane.cut_kept, 0);
  lane.cut = lane.cut_kept = 0;
  lane.committed = lane.next;
  lane.ended = last;
  lane.open = true;
  lane.frozen = lane.noted = false;
  auto held = std::exchange(lane.held, {});
  for (auto& i : held)
    handle(lane, std::move(i));
}

void simulated_node::written(simulated_lane& lane, std::uint64_t ticket, bool ok) {
  if (!ok) {
    tell({{}, true, lane.partition, {}, 0, false});
    return;
  }
  if (ticket == changelog_ticket) {
    if (std::exchange(lane.changelog_out, false))
      report_done(lane);
    return;
  }
  lane.tickets.erase(ticket);
  if (!transactional() && lane.waiting && !lane.changelog_out
      && (lane.tickets.empty() || *lane.tickets.begin() >= lane.waiting_below))
    write_changes(lane);
}

void simulated_node::tell(message m) {
  m.due = std::max(world_.now + world_.delay(5), inbox_.empty() ? world_.now : inbox_.back().due);
  inbox_.push_back(m);
}

} // namespace weir::core
