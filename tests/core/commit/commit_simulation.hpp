#pragma once

#include "simulated_world.hpp"

namespace weir::core {

struct simulation_report {
  std::string problem; ///< the first invariant that did not hold, or what never came; empty: none
  simulation_counts counts;
};

/// Two nodes, three partitions and a broker live through a time in which everything that the protocol provides for goes
/// wrong, in an order and at rates that `seed` decides, and then through a quiet time in which all inputs have to get
/// through. After every step the invariants of docs/architecture.md, "The commit", are checked as a read_committed
/// reader sees them.
simulation_report simulate_commits(promise kept, std::uint64_t seed);

} // namespace weir::core
