#pragma once

#include "simulated_broker.hpp"

#include <random>
#include <string>
#include <vector>

namespace weir::core {

enum class promise : std::uint8_t { exactly_once, at_least_once };

/// How often things go wrong, in parts of a thousand, each time that they can.
struct fault_rates {
  int answer = 0;   ///< a call of the broker is not answered by ok
  int delivery = 0; ///< a record cannot be delivered
  int stall = 0;    ///< a stage takes longer than the protocol waits for
  int event = 0;    ///< a step brings a crash, a rebalance, a fence, a lost session, a shutdown or another goal
};

/// How often what has happened; says whether a simulation has gone where it was meant to go.
struct simulation_counts {
  std::uint64_t commits = 0, empty_epochs = 0, aborts = 0, renewals = 0, lost_answers = 0, fences = 0, crashes = 0,
                rebalances = 0, lost = 0, late_lanes = 0, finished = 0, unfinished = 0, usurped = 0, drained = 0,
                steps = 0;
};

/// What everybody in a simulation shares: the time, the dice, the inputs, and what should come out.
struct simulated_world {
  static constexpr int partitions = 3;
  static constexpr int nodes = 2;

  struct input {
    bool kept = false;
    std::uint64_t after = 0; ///< the state when this input is in it; the output's value
  };

  simulated_world(promise of, std::uint64_t seed) : kept_promise{of}, random{seed} {}

  int below(int n) { return static_cast<int>(random() % static_cast<std::uint64_t>(n)); }
  bool chance(int permille) { return permille > 0 && below(1000) < permille; }
  std::chrono::milliseconds delay(int most) { return std::chrono::milliseconds{below(most + 1)}; }

  void violate(const std::string& what) {
    if (problem.empty())
      problem = what + ", at " + std::to_string(now.time_since_epoch() / std::chrono::milliseconds(1)) + " ms";
  }

  void add_input(int partition) {
    auto& all = inputs[static_cast<std::size_t>(partition)];
    const auto before = all.empty() ? 0 : all.back().after;
    const auto value = random();
    const bool kept = value % 5 != 0;
    all.push_back({kept, kept ? before * 31 + value : before});
  }
  std::int64_t input_count(int partition) const {
    return static_cast<std::int64_t>(inputs[static_cast<std::size_t>(partition)].size());
  }
  const input& input_at(int partition, std::int64_t at) const {
    return inputs[static_cast<std::size_t>(partition)][static_cast<std::size_t>(at)];
  }
  /// The state that reflects all inputs below `next`.
  std::uint64_t state_at(int partition, std::int64_t next) const {
    return next == 0 ? 0 : input_at(partition, next - 1).after;
  }

  promise kept_promise;
  std::mt19937_64 random;
  instant now{};
  fault_rates faults;
  simulated_broker broker{partitions, nodes, std::chrono::milliseconds(1500)};
  int generation = 0;     ///< of the group
  bool preparing = false; ///< the group waits for its members to give their partitions back
  std::vector<std::vector<input>> inputs{partitions};
  simulation_counts counts;
  std::string problem; ///< the first invariant that did not hold
};

} // namespace weir::core
