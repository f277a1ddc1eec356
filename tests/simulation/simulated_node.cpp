#include "simulated_node.hpp"

#include <algorithm>
#include <utility>

namespace weir::core {

using std::chrono::milliseconds;

namespace {

constexpr commit_options commit_settings{milliseconds(20), milliseconds(150), milliseconds(200), milliseconds(10),
                                         milliseconds(300)};
constexpr node_time_limits limits{milliseconds(120), milliseconds(100), std::chrono::hours(1)};

/// From one actor to another; the committer may be busy with a call.
constexpr milliseconds hop{5};
constexpr milliseconds committer_hop{80};

} // namespace

simulated_node::life::life(simulated_node& node, simulated_world& world) :
    protocol{node.producer_, node, commit_settings}, lifecycle{node, limits},
    partitions{node, "in"}, restore{world, partitions}, to_node{world}, to_committer{world},
    from_lanes{world}, to_lanes{world}, to_consumer{world}, from_group{world} {}

simulated_node::simulated_node(simulated_world& world, int number) :
    world_{world}, number_{number}, producer_{world, number, [this](int p, std::uint64_t s, std::uint64_t t, bool ok) {
                                                report(p, s, t, ok);
                                              }} {
  start();
}

void simulated_node::start() {
  alive_.emplace(*this, world_);
  alive_->lifecycle.start();
}

void simulated_node::crash() {
  producer_.crash();
  alive_.reset();
  member_ = joined_ = losing_ = false;
  given_back_ = true;
  start_at_ = world_.now + world_.delay(300);
}

void simulated_node::step() {
  if (!up()) {
    if (world_.now >= start_at_)
      start();
    return;
  }
  auto& l = *alive_;
  for (auto* box : {&l.from_group, &l.to_consumer, &l.to_node, &l.to_committer, &l.from_lanes, &l.to_lanes})
    box->step();
  producer_.step();
  for (auto& [partition, lane] : l.lanes)
    lane.step();
  if (l.lanes_end_at && world_.now >= *l.lanes_end_at) {
    l.lanes_end_at.reset();
    l.lanes.clear();
    l.lifecycle.lanes_gone();
  }
  l.restore.step();
  if (world_.now >= l.protocol.deadline())
    l.protocol.tick(world_.now);
  if (l.over)
    crash(); // nothing is left to be lost
}

void simulated_node::want(goal wanted) {
  alive_->to_node.post(hop, [this, wanted] { alive_->lifecycle.want(wanted); });
}

// --- the group's side ---

void simulated_node::assign(const std::set<int>& owned) {
  producer_.generation = world_.generation;
  given_back_ = false;
  std::vector<partition_id> partitions;
  for (const auto p : owned)
    partitions.push_back(partition_id{p});
  world_.say("node " + std::to_string(number_) + " is assigned " + std::to_string(owned.size()) + " partitions");
  alive_->from_group.post(hop, [this, partitions] { alive_->partitions.assigned(partitions, false); });
}

void simulated_node::revoke() {
  if (!given_back_)
    alive_->from_group.post(hop, [this] { alive_->partitions.revoked(false); });
}

void simulated_node::lose_session() {
  joined_ = false;
  if (given_back_)
    return;
  losing_ = true;
  alive_->from_group.post(milliseconds(200), [this] {
    losing_ = false;
    alive_->partitions.revoked(true);
  });
}

void simulated_node::join() {
  member_ = true;
}

void simulated_node::leave() {
  member_ = joined_ = false;
  given_back_ = true;
}

void simulated_node::let_go() {
  if (!alive_->lanes.empty())
    world_.violate("node " + std::to_string(number_) + " gives partitions back that its lanes still read");
  const bool lost = !joined_ && !losing_;
  given_back_ = given_back_ || world_.preparing || lost;
}

void simulated_node::fetch(const std::vector<partition_offset>&, bool) {
  for (auto& [partition, lane] : alive_->lanes)
    lane.fetch();
}

// --- taking partitions up ---

void simulated_node::restore(std::uint64_t number, const std::vector<partition_id>& partitions) {
  world_.say("node " + std::to_string(number_) + " restores, attempt " + std::to_string(number));
  alive_->restore.begin(number, partitions);
}

void simulated_node::ask_places(std::uint64_t number, const std::vector<partition_id>& partitions) {
  alive_->restore.ask_places(number, partitions);
}

void simulated_node::retry_later(std::uint64_t number, const error& why) {
  // One that has lost its partitions without having heard of it may see what another does to them.
  if (!why.where.empty() && producer_.generation == world_.generation)
    world_.violate("I1: node " + std::to_string(number_) + ": " + why.text());
  alive_->to_consumer.post(milliseconds(30), [this, number] { alive_->partitions.retry(number); });
}

void simulated_node::give_up(const error& why) {
  world_.violate("I1: node " + std::to_string(number_) + ": " + why.text());
}

void simulated_node::start_lanes(std::uint64_t round, const std::vector<lane_origin>& origins) {
  std::vector<simulated_lane::begin> begins;
  for (const auto& origin : origins) {
    const auto partition = value_of(origin.partition);
    const auto next = value_of(origin.next);
    const auto state = state_of(alive_->restore.replay_of(origin.partition).changes());
    if (state != world_.state_at(partition, next))
      world_.violate("I3: the restored state of " + std::to_string(partition) + " is not that of "
                     + std::to_string(next));
    world_.say("node " + std::to_string(number_) + " takes partition " + std::to_string(partition) + " up at "
               + std::to_string(next));
    begins.push_back({partition, 0, next, state});
  }
  alive_->to_node.post(hop, [this, round, begins] {
    if (alive_->lifecycle.taken_up(round))
      alive_->pending = begins;
  });
}

void simulated_node::end_lanes(bool lost) {
  alive_->to_node.post(hop, [this, lost] { alive_->lifecycle.revoked(lost); });
}

// --- what the lifecycle commands ---

void simulated_node::open_transaction() {
  alive_->to_committer.post(hop, [this] { start_committer(); });
}

// As actors/committer does.
void simulated_node::start_committer() {
  auto& l = *alive_;
  if (l.protocol.closed()) {
    if (l.renew && world_.chance(world_.faults.answer)) {
      l.to_committer.post(milliseconds(20), [this] { start_committer(); });
      return;
    }
    if (std::exchange(l.renew, false))
      producer_.renew();
    l.protocol.restart(world_.now);
  }
  if (!l.protocol.closed())
    l.to_node.post(hop, [this] { alive_->lifecycle.opened(); });
}

bool simulated_node::start_lanes() {
  auto& l = *alive_;
  if (!l.lanes.empty())
    world_.violate("node " + std::to_string(number_) + " starts lanes beside others");
  simulated_lane_world& around = *this;
  for (auto& from : std::exchange(l.pending, {})) {
    from.serial = ++serials_;
    auto& lane = l.lanes.try_emplace(from.partition, world_, around, number_, from).first->second;
    lane.hold(l.held);
    l.to_committer.post(committer_hop, [this, from] { add_lane(from); });
  }
  l.to_consumer.post(hop, [this] { alive_->partitions.lanes_started(); });
  return true;
}

void simulated_node::add_lane(const simulated_lane::begin& from) {
  auto& l = *alive_;
  if (std::any_of(l.lanes.begin(), l.lanes.end(), [](const auto& lane) { return lane.second.frozen(); }))
    ++world_.counts.late_lanes;
  l.protocol.add_lane(partition_id{from.partition}, offset{from.next}, world_.now);
}

void simulated_node::hold_lanes(bool on) {
  alive_->held = on;
  for (auto& [partition, lane] : alive_->lanes)
    lane.hold(on);
}

void simulated_node::finish_lanes(milliseconds within) {
  alive_->to_committer.post(hop, [this, within] { alive_->protocol.finish(world_.now, world_.now + within); });
}

void simulated_node::lose_lanes() {
  alive_->to_committer.post(hop, [this] { alive_->protocol.lose(world_.now); });
}

bool simulated_node::end_lanes() {
  auto& l = *alive_;
  l.pending.clear();
  if (l.lanes.empty())
    return true;
  l.lanes_end_at = world_.now + world_.delay(10);
  return false;
}

void simulated_node::join_source() {
  alive_->to_consumer.post(hop, [this] { alive_->partitions.join(); });
}

void simulated_node::give_back(std::uint64_t round) {
  alive_->to_consumer.post(hop, [this, round] { alive_->partitions.lanes_ended(round); });
}

void simulated_node::leave_source(std::uint64_t round) {
  ++world_.counts.drained;
  alive_->to_consumer.post(hop, [this, round] { alive_->partitions.leave(round); });
}

void simulated_node::shut_down() {
  alive_->over = true;
}

// --- what the protocol commands ---

void simulated_node::cut(partition_id partition, epoch at, bool last) {
  alive_->to_lanes.post(hop, [this, partition, at, last] {
    if (const auto lane = alive_->lanes.find(value_of(partition)); lane != alive_->lanes.end())
      lane->second.cut(at, last);
  });
}

void simulated_node::release(partition_id partition, epoch, bool last) {
  alive_->to_lanes.post(hop, [this, partition, last] {
    if (const auto lane = alive_->lanes.find(value_of(partition)); lane != alive_->lanes.end())
      lane->second.release(last);
  });
}

void simulated_node::rewind(bool renew) {
  ++world_.counts.aborts;
  world_.counts.renewals += renew;
  alive_->renew = alive_->renew || renew;
  alive_->to_node.post(hop, [this] { alive_->lifecycle.rewound(); });
}

void simulated_node::finished(bool complete, bool renew) {
  ++(complete ? world_.counts.finished : world_.counts.unfinished);
  alive_->renew = alive_->renew || renew;
  alive_->to_node.post(hop, [this, complete] { alive_->lifecycle.finished(complete); });
}

// No other process has its name: it goes on.
void simulated_node::fenced_again() {
  ++world_.counts.fenced_again;
}

// --- what the lanes do ---

void simulated_node::produce(int partition, std::uint64_t serial, simulated_broker::topic to,
                             const simulated_broker::record& r, std::uint64_t ticket, bool last) {
  if (!producer_.produce(partition, serial, to, r, ticket, last))
    failed();
}

void simulated_node::report(int partition, std::uint64_t serial, std::uint64_t ticket, bool ok) {
  const auto lane = alive_->lanes.find(partition);
  if (lane != alive_->lanes.end() && lane->second.serial() == serial)
    lane->second.written(ticket, ok);
}

void simulated_node::arrived(int partition, epoch at) {
  alive_->from_lanes.post(hop,
                          [this, partition, at] { alive_->protocol.arrived(partition_id{partition}, at, world_.now); });
}

void simulated_node::done(int partition, epoch at, std::int64_t next, bool changed) {
  alive_->from_lanes.post(hop, [this, partition, at, next, changed] {
    alive_->protocol.done(partition_id{partition}, at, offset{next}, changed, world_.now);
  });
}

void simulated_node::failed() {
  alive_->from_lanes.post(hop, [this] { alive_->protocol.delivery_failed(world_.now); });
}

} // namespace weir::core
