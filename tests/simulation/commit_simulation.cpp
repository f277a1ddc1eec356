#include "commit_simulation.hpp"

#include "simulated_node.hpp"

#include <array>
#include <deque>

namespace weir::core {

using std::chrono::milliseconds;
using record = simulated_broker::record;

namespace {

constexpr int quiet_steps = 6000;
constexpr auto partitions = simulated_world::partitions;

/// The consumer group: membership, rebalances, generations.
class simulated_group {
public:
  simulated_group(simulated_world& world, std::deque<simulated_node>& nodes) : world_{world}, nodes_{nodes} {}

  void prepare() {
    ++world_.counts.rebalances;
    if (!world_.preparing)
      deadline_ = world_.now + milliseconds(220);
    world_.preparing = true;
    for (auto& node : nodes_)
      if (node.joined() && node.up())
        node.revoke();
  }

  void step() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      auto& node = nodes_[i];
      if (node.wants_to_join()) {
        node.admit();
        prepare();
      }
      const bool dead = members_[i] && !node.up();
      if (!dead)
        missing_since_[i].reset();
      else if (!missing_since_[i])
        missing_since_[i] = world_.now;
      if ((members_[i] && !node.joined()) || (dead && world_.now - *missing_since_[i] > session_timeout)) {
        members_[i] = false;
        prepare();
      }
    }
    if (!world_.preparing)
      return;
    bool all = true;
    for (const auto& node : nodes_)
      all = all && (!node.joined() || !node.up() || node.has_given_back());
    if (all || world_.now >= deadline_)
      complete();
  }

private:
  static constexpr milliseconds session_timeout{120};

  void complete() {
    world_.preparing = false;
    ++world_.generation;
    std::vector<std::size_t> present;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      auto& node = nodes_[i];
      if (node.joined() && node.up() && !node.has_given_back())
        node.lose_session(); // too late
      members_[i] = node.joined() && node.up();
      if (members_[i])
        present.push_back(i);
    }
    if (present.empty())
      return;
    std::array<std::set<int>, simulated_world::nodes> shares;
    for (int p = 0; p < partitions; ++p)
      shares[present[static_cast<std::size_t>(p + world_.generation) % present.size()]].insert(p);
    for (auto i : present)
      nodes_[i].assign(shares[i]);
  }

  simulated_world& world_;
  std::deque<simulated_node>& nodes_;
  std::array<bool, simulated_world::nodes> members_{};
  std::array<std::optional<instant>, simulated_world::nodes> missing_since_{};
  instant deadline_{};
};

/// Reads everything as it becomes visible and compares it with what it should be.
class simulated_reader {
public:
  explicit simulated_reader(simulated_world& world) : world_{world} {}

  void look() {
    world_.broker.read([&](simulated_broker::topic which, int p, const record& r) {
      auto& seen = seen_[static_cast<std::size_t>(p)];
      if (which == simulated_broker::topic::output)
        see_output(p, seen, r);
      else
        see_change(p, seen, r);
    });
    for (int p = 0; p < partitions; ++p)
      compare(p);
  }

  bool has_everything() {
    for (int p = 0; p < partitions; ++p) {
      auto& seen = seen_[static_cast<std::size_t>(p)];
      if (!world_.broker.readable_to_end(p) || world_.broker.group_offset(p) != world_.input_count(p)
          || whole_below(p, seen) != world_.input_count(p))
        return false;
    }
    return true;
  }

private:
  struct view {
    std::vector<bool> outputs; ///< by offset
    std::int64_t next = 0;     ///< behind the newest output
    std::int64_t whole = 0;    ///< all outputs below are there
    std::int64_t marker = 0;
    changelog_replay state;
    std::int64_t offset = 0; ///< the group's, when last seen
  };

  bool exactly_once() const { return world_.kept_promise == promise::exactly_once; }
  static std::string where(int p, std::int64_t at) { return std::to_string(p) + "@" + std::to_string(at); }

  std::int64_t whole_below(int p, view& seen) {
    const auto count = world_.input_count(p);
    seen.outputs.resize(static_cast<std::size_t>(count));
    while (seen.whole < count
           && (seen.outputs[static_cast<std::size_t>(seen.whole)] || !world_.input_at(p, seen.whole).kept))
      ++seen.whole;
    return seen.whole;
  }

  void see_output(int p, view& seen, const record& r) {
    seen.outputs.resize(static_cast<std::size_t>(world_.input_count(p)));
    const auto& in = world_.input_at(p, r.at);
    if (r.state != in.after[in.key])
      world_.violate("I3: the output of " + where(p, r.at) + " was made with another state");
    if (exactly_once() && r.at < seen.next)
      world_.violate("I2: the output of " + where(p, r.at) + " comes again");
    seen.outputs[static_cast<std::size_t>(r.at)] = true;
    seen.next = std::max(seen.next, r.at + 1);
  }

  void see_change(int p, view& seen, const record& r) {
    static_cast<void>(seen.state.apply(r.key, r.value));
    if (r.key != marker::key)
      return;
    const auto next = value_of(seen.state.last()->next);
    if (state_of(seen.state.changes()) != world_.state_at(p, next))
      world_.violate("I3: the state at " + where(p, next) + " is not that of its marker");
    if (!exactly_once() && next > whole_below(p, seen)) // else another topic's open transaction may hide outputs
      world_.violate("I2: the marker " + where(p, next) + " is ahead of the outputs");
    if (next < seen.marker)
      world_.violate("I6: the marker goes back to " + where(p, next));
    seen.marker = next;
  }

  void compare(int p) {
    auto& seen = seen_[static_cast<std::size_t>(p)];
    const auto offset = world_.broker.group_offset(p);
    if (offset < seen.offset)
      world_.violate("I6: the group's offset goes back to " + where(p, offset));
    seen.offset = offset;
    if (!world_.broker.readable_to_end(p))
      return;
    if (seen.marker != offset)
      world_.violate("I1: the marker is " + where(p, seen.marker) + ", the group's offset " + std::to_string(offset));
    if (whole_below(p, seen) < offset || (exactly_once() && seen.next > offset))
      world_.violate("I2: outputs up to " + where(p, seen.next) + ", the group's offset is " + std::to_string(offset));
  }

  simulated_world& world_;
  std::array<view, partitions> seen_{};
};

/// Every seed has troubles of its own, so that some see a single kind again and again and others all at once.
fault_rates draw_rates(simulated_world& world) {
  auto one_of = [&](std::initializer_list<int> rates) {
    return *(rates.begin() + world.below(static_cast<int>(rates.size())));
  };
  return {one_of({0, 30, 100, 300}), one_of({0, 0, 2, 20}), one_of({0, 0, 2, 20}), one_of({0, 0, 5, 30}),
          one_of({10, 20, 50})};
}

void strike(simulated_world& world, std::deque<simulated_node>& nodes, simulated_group& group) {
  auto& node = nodes[static_cast<std::size_t>(world.below(static_cast<int>(nodes.size())))];
  switch (world.below(6)) {
  case 0:
    if (node.up()) {
      ++world.counts.crashes;
      world.say("node " + std::to_string(node.number()) + " crashes");
      node.crash();
    }
    break;
  case 1:
    world.say("the group rebalances");
    group.prepare();
    break;
  case 2:
    ++world.counts.fences;
    world.say("node " + std::to_string(node.number()) + " is fenced");
    static_cast<void>(world.broker.init(node.number()));
    break;
  case 3:
    if (node.up() && node.joined()) {
      ++world.counts.lost;
      world.say("node " + std::to_string(node.number()) + " loses its session");
      node.lose_session();
    }
    break;
  case 4:
    if (node.up() && node.joined())
      node.want(goal::stopped);
    break;
  case 5:
    if (node.up())
      node.want(static_cast<goal>(world.below(3)));
    break;
  default: break;
  }
}

} // namespace

simulation_report simulate_commits(const simulation_options& options) {
  simulated_world world{options.kept, options.seed};
  world.bug = options.bug;
  if (options.with_trace)
    world.trace.emplace();
  world.faults = draw_rates(world);
  std::deque<simulated_node> nodes;
  for (int i = 0; i < simulated_world::nodes; ++i)
    nodes.emplace_back(world, i);
  simulated_group group{world, nodes};
  simulated_reader reader{world};
  const auto step = [&] {
    ++world.counts.steps;
    world.now += milliseconds(1 + world.below(8));
    world.broker.expire(world.now);
    if (world.chance(20))
      world.broker.clean(world.random, options.bug == planted::state_is_removed ? simulated_broker::cleanup::remove
                                                                                : simulated_broker::cleanup::compact);
    group.step();
    for (auto& node : nodes)
      node.step();
    reader.look();
  };
  for (int i = 0; i < options.chaotic_steps && world.problem.empty(); ++i) {
    if (world.chance(500))
      world.add_input(world.below(partitions));
    if (world.chance(world.faults.event))
      strike(world, nodes, group);
    step();
  }
  world.faults = {};
  world.say("from here on nothing goes wrong");
  for (auto& node : nodes)
    if (node.up())
      node.want(goal::running);
  for (int i = 0; i < quiet_steps && world.problem.empty() && !reader.has_everything(); ++i)
    step();
  if (!reader.has_everything())
    world.violate("not all inputs got through");
  return {world.problem, world.counts, world.trace.value_or(std::vector<std::string>{})};
}

simulation_report shortest_trace(simulation_options failing) {
  auto report = simulate_commits(failing);
  // What happens up to a step does not depend on how many follow.
  for (auto steps = failing.chaotic_steps; steps > 0 && !report.problem.empty(); --steps) {
    failing.chaotic_steps = steps - 1;
    if (simulate_commits(failing).problem.empty()) {
      failing.chaotic_steps = steps;
      break;
    }
  }
  failing.with_trace = true;
  return simulate_commits(failing);
}

} // namespace weir::core
