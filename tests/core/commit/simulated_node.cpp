#include "simulated_node.hpp"

#include <algorithm>
#include <utility>

namespace weir::core {

using std::chrono::milliseconds;

namespace {

constexpr commit_options options{milliseconds(20), milliseconds(150), milliseconds(200), milliseconds(10)};

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
