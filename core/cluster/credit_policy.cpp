#include "core/cluster/credit_policy.hpp"

#include <algorithm>

namespace weir::core {

namespace {

/// A window is left as it is while it is within this part of what it should be.
constexpr double tolerance = 1.0 / 8;

bool is_close(std::uint64_t window, std::uint64_t wanted) {
  const auto a = static_cast<double>(window);
  const auto b = static_cast<double>(wanted);
  return a >= b * (1 - tolerance) && a <= b * (1 + tolerance);
}

/// What each lane should have, were nothing in flight.
std::vector<std::uint64_t> shares(std::uint64_t budget, const std::vector<lane_need>& lanes, std::uint64_t floor,
                                  std::uint64_t most) {
  double waiting = 0;
  for (const auto& lane : lanes)
    waiting += static_cast<double>(lane.lag) + 1;
  const auto to_share = static_cast<double>(budget - std::min(budget, floor * lanes.size()));
  std::vector<std::uint64_t> out;
  for (const auto& lane : lanes) {
    const auto share = to_share * (static_cast<double>(lane.lag) + 1) / waiting;
    out.push_back(std::min(std::max(most, floor), floor + static_cast<std::uint64_t>(share)));
  }
  return out;
}

} // namespace

std::vector<std::uint64_t> share_credit(std::uint64_t budget, const std::vector<lane_need>& lanes,
                                        credit_bounds bounds) {
  if (lanes.empty())
    return {};
  const auto floor = std::max<std::uint64_t>(1, std::min(bounds.least, budget / lanes.size()));
  const auto wanted = shares(budget, lanes, floor, bounds.most);
  std::vector<std::uint64_t> windows;
  std::uint64_t bound = 0; // what is in flight, or may be by now
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    const auto now = lanes[i].window == 0 ? floor : lanes[i].window;
    windows.push_back(is_close(now, wanted[i]) ? now : std::min(now, wanted[i]));
    bound += std::max(windows[i], lanes[i].in_flight);
  }
  for (std::size_t i = 0; i < lanes.size() && bound < budget; ++i) {
    if (windows[i] >= wanted[i] || is_close(windows[i], wanted[i]))
      continue;
    // Growing up to what is in flight already takes nothing from the budget.
    const auto counted = std::max(windows[i], lanes[i].in_flight);
    const auto grown = std::min(wanted[i], counted + (budget - bound));
    bound += std::max(grown, counted) - counted;
    windows[i] = std::max(windows[i], grown);
  }
  return windows;
}

} // namespace weir::core
