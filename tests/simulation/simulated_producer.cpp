#include "simulated_producer.hpp"

#include <algorithm>
#include <utility>

namespace weir::core {

using topic = simulated_broker::topic;
using record = simulated_broker::record;

bool simulated_producer::in_transactions(topic to) const {
  return to == topic::state ? world_.bug != planted::state_outside : world_.kept_promise == promise::exactly_once;
}

void simulated_producer::renew() {
  lose_wire();
  producer_ = world_.broker.init(name_);
  in_transaction_ = tainted_ = committing_ = false;
}

void simulated_producer::crash() {
  lose_wire();
  wire_last_.clear();
  spoiled_.clear();
  in_transaction_ = tainted_ = committing_ = false;
}

// What is on its way may have left the machine.
void simulated_producer::lose_wire() {
  for (const auto& w : std::exchange(wire_, {}))
    if (!world_.chance(500) || w.fails || w.is_refused)
      break;
    else if (in_transactions(w.to))
      static_cast<void>(world_.broker.append(producer_, w.to, w.partition, w.what, world_.now));
    else
      world_.broker.append_plain(w.to, w.partition, w.what);
}

bool simulated_producer::produce(int partition, std::uint64_t serial, topic to, const record& r, std::uint64_t ticket,
                                 bool last) {
  if (in_transactions(to) && !in_transaction_)
    return false;
  auto& free_at = wire_last_[{to, partition}];
  free_at = std::max(free_at, world_.now + world_.delay(8));
  wired w{free_at, to, partition, r, serial, ticket, last, world_.chance(world_.faults.delivery), false};
  if (world_.chance(world_.faults.refusal)) {
    w.is_refused = true;
    ++world_.counts.refused;
    world_.say("node " + std::to_string(name_) + ": a record for partition " + std::to_string(partition)
               + " is refused");
    if (in_transactions(to) && world_.bug != planted::refusal_unheard)
      tainted_ = true;
  }
  wire_.push_back(std::move(w));
  return true;
}

void simulated_producer::deliver(const wired& w) {
  bool ok = !w.fails && !w.is_refused;
  if (in_transactions(w.to)) {
    ok = ok && world_.broker.append(producer_, w.to, w.partition, w.what, world_.now);
    tainted_ = tainted_ || (!ok && !w.is_refused);
  } else if (ok || (!w.is_refused && world_.chance(300))) { // it may have been written though nobody said so
    world_.broker.append_plain(w.to, w.partition, w.what);
  }
  if (!ok)
    spoiled_.insert({w.serial, w.ticket});
  if (w.last)
    written_(w.partition, w.serial, w.ticket, spoiled_.erase({w.serial, w.ticket}) == 0);
}

/// @param flush all that is on its way into the transaction
void simulated_producer::step_wire(bool flush) {
  std::deque<wired> due;
  std::erase_if(wire_, [&](const wired& w) {
    const bool is_due = w.due <= world_.now || (flush && in_transactions(w.to));
    if (is_due)
      due.push_back(w);
    return is_due;
  });
  for (const auto& w : due)
    deliver(w);
}

broker_answer simulated_producer::begin() {
  if (world_.chance(world_.faults.answer))
    return world_.chance(700) ? broker_answer::retriable : broker_answer::fatal;
  if (!world_.broker.begin(producer_))
    return broker_answer::fatal;
  in_transaction_ = true;
  tainted_ = committing_ = false;
  return broker_answer::ok;
}

broker_answer simulated_producer::send_offsets(const std::vector<partition_offset>& offsets) {
  const bool stale = generation != world_.generation;
  if (tainted_ || stale)
    return broker_answer::abortable;
  const bool fault = world_.chance(world_.faults.answer);
  const int kind = fault ? 1 + world_.below(4) : 0;
  if (kind == 1)
    return broker_answer::retriable;
  if (kind == 2)
    return broker_answer::abortable;
  if (kind == 4)
    return broker_answer::fatal;
  if (!world_.broker.send_offsets(producer_, offsets))
    return broker_answer::fatal;
  if (kind == 0)
    return broker_answer::ok;
  ++world_.counts.lost_answers;
  return broker_answer::retriable;
}

broker_answer simulated_producer::commit() {
  if (world_.bug != planted::commit_before_flush)
    step_wire(true);
  if (tainted_)
    return broker_answer::abortable;
  const auto answer = end(true);
  world_.say("node " + std::to_string(name_)
             + (answer == broker_answer::ok ? " commits" : ": the commit is not answered by ok"));
  committing_ = answer == broker_answer::retriable;
  if (answer == broker_answer::ok)
    ++world_.counts.commits;
  return answer;
}

broker_answer simulated_producer::abort() {
  std::erase_if(wire_, [&](const wired& w) { return in_transactions(w.to); });
  in_transaction_ = false;
  world_.say("node " + std::to_string(name_) + " aborts");
  if (committing_ && world_.chance(500)) // a client that has begun to commit may refuse to do anything else
    return broker_answer::fatal;
  return end(false);
}

broker_answer simulated_producer::end(bool commit) {
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

} // namespace weir::core
