#pragma once

#include <cstdint>
#include <vector>

namespace weir::core {

/// What is known of a lane when its credit is set.
struct lane_need {
  std::uint64_t lag = 0;       ///< records that wait
  std::uint64_t in_flight = 0; ///< bytes
  std::uint64_t window = 0;    ///< bytes that it may have in flight so far; 0: it is new
};

struct credit_bounds {
  std::uint64_t least = 64u << 10; ///< of a lane, as long as the budget allows it
  std::uint64_t most = 4u << 20;   ///< of a lane: more makes records wait in the lane instead of before it
};

/// Shares a node's budget (bytes) out among its lanes, by the records that wait: a window for each. A lane keeps enough
/// to go on with. A window shrinks at once and grows only into what the others no longer have in flight, so the sum of
/// what is in flight does not pass the budget (but for one batch a lane, which always fits). Small changes are left
/// alone, so that windows do not flutter.
std::vector<std::uint64_t> share_credit(std::uint64_t budget, const std::vector<lane_need>& lanes,
                                        credit_bounds bounds = {});

} // namespace weir::core
