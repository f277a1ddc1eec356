#pragma once

#include "simulated_broker.hpp"

#include <random>
#include <string>
#include <vector>

namespace weir::core {

enum class promise : std::uint8_t { exactly_once, at_least_once };

/// Mistakes that the simulation has to find.
enum class planted : std::uint8_t {
  nothing,
  refusal_unheard,     ///< a record that the client refuses does not fail its transaction
  stale_take_up,       ///< an attempt to take partitions up that is over is taken for the one that runs
  state_is_removed,    ///< the state topic is not compacted: what is old goes
  state_outside,       ///< changes are not in the transaction that commits their offset
  commit_before_flush, ///< the commit does not wait for what is on its way
};

/// How often things go wrong, in parts of a thousand, each time that they can.
struct fault_rates {
  int answer = 0;   ///< a call of the broker is not answered by ok
  int delivery = 0; ///< a record cannot be delivered
  int refusal = 0;  ///< a record is refused before it is sent
  int stall = 0;    ///< a stage takes longer than the protocol waits for
  int event = 0;    ///< a step brings a crash, a rebalance, a fence, a lost session, a shutdown or another goal
};

/// How often what has happened; says whether a simulation has gone where it was meant to go.
struct simulation_counts {
  std::uint64_t commits = 0, empty_epochs = 0, aborts = 0, renewals = 0, lost_answers = 0, fences = 0, crashes = 0,
                rebalances = 0, lost = 0, late_lanes = 0, refused = 0, finished = 0, unfinished = 0, fenced_again = 0,
                drained = 0, steps = 0;
};

/// What everybody in a simulation shares: the time, the dice, the inputs, and what should come out.
struct simulated_world {
  static constexpr int partitions = 3;
  static constexpr int nodes = 2;
  static constexpr std::size_t keys = 4;

  /// The state of a lane by key; 0: it has none.
  using lane_state = std::array<std::uint64_t, keys>;

  struct input {
    bool kept = false;
    std::size_t key = 0;
    std::uint64_t value = 0; ///< 0: the key is forgotten
    lane_state after{};      ///< when this input is in it

    std::uint64_t fold(std::uint64_t before) const { return value == 0 ? 0 : before * 31 + value; }
  };

  simulated_world(promise of, std::uint64_t seed) : kept_promise{of}, random{seed} {}

  int below(int n) { return static_cast<int>(random() % static_cast<std::uint64_t>(n)); }
  bool chance(int permille) { return permille > 0 && below(1000) < permille; }
  std::chrono::milliseconds delay(int most) { return std::chrono::milliseconds{below(most + 1)}; }

  void violate(const std::string& what) {
    say("VIOLATED " + what);
    if (problem.empty())
      problem = what + ", at " + std::to_string(now.time_since_epoch() / std::chrono::milliseconds(1)) + " ms";
  }

  void add_input(int partition) {
    auto& all = inputs[static_cast<std::size_t>(partition)];
    input next;
    const auto dice = random();
    next.kept = dice % 5 != 0;
    next.key = dice / 5 % keys;
    next.value = dice % 7 == 0 ? 0 : dice;
    next.after = all.empty() ? lane_state{} : all.back().after;
    if (next.kept)
      next.after[next.key] = next.fold(next.after[next.key]);
    all.push_back(next);
  }
  std::int64_t input_count(int partition) const {
    return static_cast<std::int64_t>(inputs[static_cast<std::size_t>(partition)].size());
  }
  const input& input_at(int partition, std::int64_t at) const {
    return inputs[static_cast<std::size_t>(partition)][static_cast<std::size_t>(at)];
  }
  /// The state that reflects all inputs below `next`.
  lane_state state_at(int partition, std::int64_t next) const {
    return next == 0 ? lane_state{} : input_at(partition, next - 1).after;
  }

  void say(const std::string& what) {
    if (trace)
      trace->push_back(std::to_string(now.time_since_epoch() / std::chrono::milliseconds(1)) + " ms: " + what);
  }

  promise kept_promise;
  planted bug = planted::nothing;
  std::mt19937_64 random;
  instant now{};
  fault_rates faults;
  simulated_broker broker{partitions, nodes, std::chrono::milliseconds(1500)};
  int generation = 0;     ///< of the group
  bool preparing = false; ///< the group waits for its members to give their partitions back
  std::vector<std::vector<input>> inputs{partitions};
  simulation_counts counts;
  std::string problem;                           ///< the first invariant that did not hold
  std::optional<std::vector<std::string>> trace; ///< what happened, where it is asked for
};

/// A lane's state as a changelog holds it, and back.
std::string key_text(std::size_t key);
simulated_world::lane_state state_of(const record_block& changes);

} // namespace weir::core
