#include "simulated_node.hpp"

#include <algorithm>
#include <utility>

namespace weir::core {

using std::chrono::milliseconds;
using topic = simulated_broker::topic;
using record = simulated_broker::record;

namespace {

constexpr commit_options options{milliseconds(20), milliseconds(150), milliseconds(200), milliseconds(10)};
constexpr std::uint64_t changelog_ticket = ~std::uint64_t{0};
constexpr std::size_t lane_capacity = 5;

} // namespace

void simulated_node::start() {
  start_at_ = world_.now;
  protocol_.emplace(static_cast<commit_broker&>(*this), static_cast<commit_lanes&>(*this), options);
  renew_ = true;
}

void simulated_node::crash() {
  // What was on its way may have left the machine.
  for (const auto& w : wire_)
    if (world_.chance(500) && !w.fails) {
      if (transactional())
        static_cast<void>(world_.broker.append(producer_, w.to, w.partition, w.what, world_.now));
      else
        world_.broker.append_plain(w.to, w.partition, w.what);
    } else {
      break;
    }
  protocol_.reset();
  wire_.clear();
  wire_last_.clear();
  spoiled_.clear();
  inbox_.clear();
  lanes_.clear();
  restoring_.clear();
  owned_.clear();
  in_transaction_ = tainted_ = committing_ = false;
  given_back_ = true;
  revoking_ = leaving_ = dying_ = false;
  then_ = ending::none;
  lanes_end_at_.reset();
  lost_at_.reset();
  start_at_ = world_.now + world_.delay(300);
}

void simulated_node::step() {
  if (!up()) {
    if (world_.now >= start_at_) {
      joined_ = false;
      start();
    }
    return;
  }
  if (lost_at_ && world_.now >= *lost_at_) {
    lost_at_.reset();
    restoring_.clear();
    then_ = ending::give_back;
    protocol_->lose(world_.now);
  }
  while (!inbox_.empty() && inbox_.front().due <= world_.now) {
    const auto m = inbox_.front();
    inbox_.pop_front();
    if (m.failed)
      protocol_->delivery_failed(world_.now);
    else
      protocol_->done(partition_id{m.partition}, m.at, offset{m.next}, m.changed, world_.now);
  }
  step_wire(false);
  for (auto& [partition, lane] : lanes_)
    step_lane(lane);
  if (lanes_end_at_ && world_.now >= *lanes_end_at_)
    lanes_have_ended();
  else if (!lanes_end_at_)
    step_restore();
  if (up() && world_.now >= protocol_->deadline())
    protocol_->tick(world_.now);
  if (dying_)
    crash();
}

// --- the group's side ---

void simulated_node::assign(const std::set<int>& partitions) {
  owned_ = partitions;
  generation_ = world_.generation;
  given_back_ = owned_.empty();
  for (auto p : owned_)
    restoring_[p] = {world_.now, world_.now + world_.delay(40), false, {}};
}

void simulated_node::revoke() {
  if (given_back_)
    return;
  restoring_.clear();
  then_ = ending::give_back;
  if (lanes_.empty() && !lanes_end_at_) {
    lanes_have_ended();
    return;
  }
  protocol_->finish(world_.now, world_.now + milliseconds(120));
}

void simulated_node::lose_session() {
  joined_ = false;
  lost_at_ = world_.now + world_.delay(200);
}

void simulated_node::shut_down() {
  leaving_ = true;
  restoring_.clear();
  if (lanes_.empty() && !lanes_end_at_)
    lanes_have_ended();
  else
    protocol_->finish(world_.now, world_.now + world_.delay(100));
}

void simulated_node::lanes_have_ended() {
  lanes_.clear();
  restoring_.clear();
  lanes_end_at_.reset();
  const auto then = std::exchange(then_, ending::none);
  if (leaving_) {
    joined_ = false;
    crash(); // nothing is left to be lost
  } else if (then == ending::give_back) {
    owned_.clear();
    given_back_ = true;
  } else if (then == ending::rebuild) {
    for (auto p : owned_)
      restoring_[p] = {world_.now, world_.now + world_.delay(20), false, {}};
  }
}

// --- restoring ---

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

// --- lanes ---

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

// --- the producer ---

void simulated_node::produce(simulated_lane& lane, topic to, const record& r, std::uint64_t ticket, bool last) {
  if (transactional() && lane.frozen)
    world_.violate("I5: partition " + std::to_string(lane.partition) + " produces between done and committed");
  if (transactional() && !in_transaction_) {
    written(lane, ticket, false);
    return;
  }
  auto& free_at = wire_last_[{to, lane.partition}];
  free_at = std::max(free_at, world_.now + world_.delay(8));
  wire_.push_back({free_at, to, lane.partition, r, lane.serial, ticket, last, world_.chance(world_.faults.delivery)});
}

void simulated_node::deliver(const wired& w) {
  bool ok = !w.fails;
  if (transactional()) {
    ok = ok && world_.broker.append(producer_, w.to, w.partition, w.what, world_.now);
    tainted_ = tainted_ || !ok;
  } else if (ok || world_.chance(300)) { // it may have been written though nobody said so
    world_.broker.append_plain(w.to, w.partition, w.what);
  }
  const auto lane = lanes_.find(w.partition);
  if (lane == lanes_.end() || lane->second.serial != w.serial)
    return;
  if (!ok)
    spoiled_.insert({w.serial, w.ticket});
  if (w.last)
    written(lane->second, w.ticket, spoiled_.erase({w.serial, w.ticket}) == 0);
}

void simulated_node::step_wire(bool all) {
  std::deque<wired> due;
  std::erase_if(wire_, [&](const wired& w) {
    if (all || w.due <= world_.now)
      due.push_back(w);
    return all || w.due <= world_.now;
  });
  for (const auto& w : due)
    deliver(w);
}

broker_answer simulated_node::begin() {
  if (!transactional())
    return broker_answer::ok;
  if (world_.chance(world_.faults.answer))
    return world_.chance(700) ? broker_answer::retriable : broker_answer::fatal;
  if (!world_.broker.begin(producer_))
    return broker_answer::fatal;
  in_transaction_ = true;
  tainted_ = committing_ = false;
  return broker_answer::ok;
}

broker_answer simulated_node::send_offsets(const std::vector<partition_offset>& offsets) {
  const bool stale = generation_ != world_.generation;
  if (tainted_ || stale)
    return broker_answer::abortable;
  const bool fault = world_.chance(world_.faults.answer);
  const int kind = fault ? 1 + world_.below(transactional() ? 4 : 3) : 0;
  if (kind == 1)
    return broker_answer::retriable;
  if (kind == 2)
    return broker_answer::abortable;
  if (kind == 4)
    return broker_answer::fatal;
  if (!transactional())
    for (const auto& entry : offsets)
      world_.broker.commit_offset(value_of(entry.partition), value_of(entry.next));
  else if (!world_.broker.send_offsets(producer_, offsets))
    return broker_answer::fatal;
  if (kind == 0)
    return broker_answer::ok;
  ++world_.counts.lost_answers;
  return broker_answer::retriable;
}

broker_answer simulated_node::commit() {
  if (!transactional()) {
    ++world_.counts.commits;
    return broker_answer::ok;
  }
  step_wire(true);
  if (tainted_)
    return broker_answer::abortable;
  const auto answer = end(true);
  committing_ = answer == broker_answer::retriable;
  if (answer == broker_answer::ok)
    ++world_.counts.commits;
  return answer;
}

broker_answer simulated_node::abort() {
  if (!transactional())
    return broker_answer::ok;
  wire_.clear();
  in_transaction_ = false;
  if (committing_ && world_.chance(500)) // a client that has begun to commit may refuse to do anything else
    return broker_answer::fatal;
  return end(false);
}

broker_answer simulated_node::end(bool commit) {
  enum kind { none, not_done, lost, broken, broken_and_lost, refused };
  const auto fault = world_.chance(world_.faults.answer) ? static_cast<kind>(1 + world_.below(5)) : none;
  if (fault == none || fault == lost || fault == broken_and_lost) {
    if (!world_.broker.end(producer_, commit))
      return broker_answer::fatal;
    in_transaction_ = false;
  }
  world_.counts.lost_answers += fault == lost || fault == broken_and_lost;
  switch (fault) {
  case none: return broker_answer::ok;
  case not_done:
  case lost: return broker_answer::retriable;
  case refused: return commit ? broker_answer::abortable : broker_answer::retriable;
  case broken:
  case broken_and_lost: break;
  }
  in_transaction_ = false;
  return broker_answer::fatal;
}

// --- what the protocol commands ---

void simulated_node::command(partition_id partition, bool cut, epoch at, bool last) {
  const auto lane = lanes_.find(value_of(partition));
  if (lane == lanes_.end())
    return;
  auto& inbox = lane->second.inbox;
  const auto due = world_.now + world_.delay(5);
  inbox.push_back({cut, at, last, inbox.empty() ? due : std::max(due, inbox.back().due)});
}

void simulated_node::cut(partition_id partition, epoch at, bool last) {
  command(partition, true, at, last);
}

void simulated_node::release(partition_id partition, epoch at, bool last) {
  command(partition, false, at, last);
}

void simulated_node::rewind(bool renew) {
  ++world_.counts.aborts;
  world_.counts.renewals += renew;
  renew_ = renew_ || renew;
  if (then_ == ending::none)
    then_ = ending::rebuild;
  lanes_end_at_ = world_.now + world_.delay(10);
}

void simulated_node::finished(bool complete, bool renew) {
  ++(complete ? world_.counts.finished : world_.counts.unfinished);
  renew_ = renew_ || renew;
  lanes_end_at_ = world_.now + world_.delay(10);
}

void simulated_node::usurped() {
  ++world_.counts.usurped;
  dying_ = true;
}

} // namespace weir::core
