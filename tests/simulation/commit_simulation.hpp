#pragma once

#include "simulated_world.hpp"

namespace weir::core {

struct simulation_options {
  promise kept = promise::exactly_once;
  std::uint64_t seed = 0;
  planted bug = planted::nothing;
  int chaotic_steps = 400;
  bool with_trace = false;
};

struct simulation_report {
  std::string problem; ///< the first invariant that did not hold, or what never came; empty: none
  simulation_counts counts;
  std::vector<std::string> trace;
};

/// Two nodes, three partitions and a broker live through a time in which everything that the protocol provides for goes
/// wrong, in an order and at rates that the seed decides, and then through a quiet time in which all inputs have to get
/// through. After every step the invariants of docs/architecture.md, "The commit", are checked as a read_committed
/// reader sees them.
simulation_report simulate_commits(const simulation_options& options);

/// The same failure with as few chaotic steps as it needs, and what happens in them.
simulation_report shortest_trace(simulation_options failing);

} // namespace weir::core
