#include "core/commit/commit_protocol.hpp"

#include <algorithm>

namespace weir::core {

namespace {

constexpr auto far_future = instant::max();
constexpr auto fence_memory = std::chrono::minutes(1);

} // namespace

void commit_protocol::restart(instant now) {
  members_.clear();
  phase_ = phase::opening;
  give_up_ = now + options_.retry_timeout;
  retry_at_ = now;
  open(now);
}

void commit_protocol::open(instant now) {
  switch (in_transaction_ ? broker_answer::ok : broker_.begin()) {
  case broker_answer::ok:
    in_transaction_ = true;
    phase_ = phase::open;
    opened_ = now;
    for (auto& [partition, member] : members_)
      if (!member.released) {
        member.released = true;
        lanes_.release(partition, epoch_, false);
      }
    break;
  case broker_answer::retriable:
    if (!retry(now))
      fail(now);
    break;
  case broker_answer::abortable:
  case broker_answer::fatal: fail(now); break;
  }
}

void commit_protocol::add_lane(partition_id partition, offset from, instant now) {
  auto& member = members_[partition];
  member = lane{};
  member.committed = member.next = from;
  if (phase_ == phase::open) {
    member.released = true;
    if (members_.size() == 1)
      opened_ = now;
    lanes_.release(partition, epoch_, false);
  }
}

// A sink that is merely slow is not given up: its records would be written once more, after those that wait.
void commit_protocol::arrived(partition_id partition, epoch at, instant now) {
  auto found = members_.find(partition);
  if (phase_ != phase::cutting || at != epoch_ || found == members_.end())
    return;
  found->second.arrived = true;
  wait_for_sinks(now);
}

void commit_protocol::wait_for_sinks(instant now) {
  auto on_its_way = [](const auto& entry) {
    return entry.second.in_cut && !entry.second.arrived && !entry.second.done;
  };
  if (!waits_for_sinks_ && std::none_of(members_.begin(), members_.end(), on_its_way)) {
    waits_for_sinks_ = true;
    give_up_ = now + options_.sink_timeout;
  }
}

void commit_protocol::done(partition_id partition, epoch at, offset next, bool changed, instant now) {
  auto found = members_.find(partition);
  if (phase_ != phase::cutting || at != epoch_ || found == members_.end() || !found->second.in_cut
      || found->second.done)
    return;
  auto& member = found->second;
  if (next < member.committed) { // an offset never goes back, but by an abort
    abort(now);
    return;
  }
  member.done = true;
  member.next = next;
  changed_ = changed_ || changed || next != member.committed;
  auto pending = [](const auto& entry) { return entry.second.in_cut && !entry.second.done; };
  if (std::none_of(members_.begin(), members_.end(), pending)) {
    phase_ = changed_ ? phase::sending : phase::open;
    give_up_ = now + options_.retry_timeout;
    if (changed_)
      advance(now);
    else
      complete(now);
  } else {
    wait_for_sinks(now);
  }
}

bool commit_protocol::delivery_failed(instant now) {
  if (phase_ == phase::closed || phase_ == phase::aborting || phase_ == phase::opening)
    return false;
  abort(now);
  return true;
}

void commit_protocol::finish(instant now, instant until) {
  finish_by_ = until;
  if (phase_ == phase::open)
    begin_cut(now);
  else if (phase_ == phase::closed) {
    finish_by_.reset();
    lanes_.finished(!undone_, false);
  }
}

void commit_protocol::lose(instant now) {
  lost_ = true;
  if (phase_ == phase::closed)
    close(false);
  else if (phase_ != phase::aborting)
    abort(now);
}

void commit_protocol::tick(instant now) {
  switch (phase_) {
  case phase::closed: break;
  case phase::opening:
    if (is_late(now))
      abort(now);
    else if (now >= retry_at_)
      open(now);
    break;
  case phase::open:
    if (finish_by_ || (!members_.empty() && (hurried_ || now - opened_ >= options_.interval)))
      begin_cut(now);
    break;
  case phase::cutting:
    if (now >= give_up_ || is_late(now))
      abort(now);
    break;
  case phase::sending:
  case phase::committing:
    if (now >= retry_at_)
      advance(now);
    break;
  case phase::aborting:
    if (now >= retry_at_)
      abort(now);
    break;
  }
}

instant commit_protocol::deadline() const {
  switch (phase_) {
  case phase::closed: return far_future;
  case phase::open:
    if (members_.empty() && !finish_by_)
      return far_future;
    return hurried_ || finish_by_ ? opened_ : opened_ + options_.interval;
  case phase::cutting: return finish_by_ ? std::min(give_up_, *finish_by_) : give_up_;
  case phase::opening:
  case phase::sending:
  case phase::committing:
  case phase::aborting: return retry_at_;
  }
  return far_future;
}

std::optional<offset> commit_protocol::committed(partition_id partition) const {
  auto found = members_.find(partition);
  if (found == members_.end())
    return std::nullopt;
  return found->second.committed;
}

void commit_protocol::begin_cut(instant now) {
  hurried_ = false;
  changed_ = false;
  last_cut_ = finish_by_.has_value();
  epoch_ = epoch{value_of(epoch_) + 1};
  phase_ = phase::cutting;
  give_up_ = now + options_.lane_timeout;
  waits_for_sinks_ = false;
  for (auto& [partition, member] : members_) {
    member.in_cut = true;
    member.arrived = member.done = false;
    member.released = false;
  }
  if (members_.empty()) {
    complete(now);
    return;
  }
  for (const auto& [partition, member] : members_)
    lanes_.cut(partition, epoch_, last_cut_);
}

// Sends the offsets, then commits, then completes; stops at the first answer that is not ok.
void commit_protocol::advance(instant now) {
  if (phase_ == phase::sending) {
    std::vector<partition_offset> offsets;
    for (const auto& [partition, member] : members_)
      if (member.in_cut && member.next != member.committed)
        offsets.push_back({partition, member.next});
    switch (broker_.send_offsets(offsets)) {
    case broker_answer::ok: phase_ = phase::committing; break;
    case broker_answer::retriable:
      if (!retry(now) || is_late(now))
        abort(now);
      return;
    case broker_answer::abortable: abort(now); return;
    case broker_answer::fatal: fail(now); return;
    }
  }
  switch (broker_.commit()) {
  case broker_answer::ok:
    in_transaction_ = false;
    complete(now);
    break;
  case broker_answer::retriable:
    // Whether the commit has happened is not known, so an abort would be a guess: a new producer's initialisation
    // decides it, and the lanes restart from what it decided.
    if (!retry(now) || is_late(now))
      fail(now);
    break;
  case broker_answer::abortable: abort(now); break;
  case broker_answer::fatal: fail(now); break;
  }
}

void commit_protocol::complete(instant now) {
  for (auto& [partition, member] : members_)
    if (member.in_cut) {
      member.committed = member.next;
      member.in_cut = false;
    }
  if (last_cut_) {
    for (const auto& [partition, member] : members_)
      lanes_.release(partition, epoch_, true);
    finish_by_.reset();
    lost_ = false;
    members_.clear();
    phase_ = phase::closed;
    undone_ = false;
    lanes_.finished(true, false);
    return;
  }
  if (!changed_) { // nothing entered the transaction: it stays open
    phase_ = phase::open;
    opened_ = now;
    for (auto& [partition, member] : members_)
      if (!member.released) {
        member.released = true;
        lanes_.release(partition, epoch_, false);
      }
    return;
  }
  phase_ = phase::opening;
  give_up_ = now + options_.retry_timeout;
  retry_at_ = now;
  open(now);
}

void commit_protocol::abort(instant now) {
  if (phase_ != phase::aborting) {
    phase_ = phase::aborting;
    give_up_ = now + options_.abort_timeout;
    retry_at_ = now;
  }
  switch (in_transaction_ ? broker_.abort() : broker_answer::ok) {
  case broker_answer::ok:
    in_transaction_ = false;
    close(false);
    break;
  case broker_answer::retriable:
    // A new producer's initialisation, or the transaction's own time-out, ends it as well.
    if (!retry(now) || is_late(now))
      fail(now);
    break;
  case broker_answer::abortable:
  case broker_answer::fatal: fail(now); break;
  }
}

void commit_protocol::close(bool renew) {
  const bool ending = lost_ || finish_by_;
  lost_ = false;
  finish_by_.reset();
  members_.clear();
  phase_ = phase::closed;
  undone_ = true;
  if (ending)
    lanes_.finished(false, renew);
  else
    lanes_.rewind(renew);
}

void commit_protocol::fail(instant now) {
  const bool again = fenced_ && now - *fenced_ < fence_memory;
  fenced_ = now;
  in_transaction_ = false;
  if (again && !finish_by_)
    lanes_.fenced_again();
  close(true);
}

bool commit_protocol::is_late(instant now) const {
  return finish_by_ && now >= *finish_by_;
}

bool commit_protocol::retry(instant now) {
  retry_at_ = now + options_.retry_backoff;
  return now < give_up_;
}

} // namespace weir::core
