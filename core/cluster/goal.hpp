#pragma once

#include <cstdint>
#include <string_view>

namespace weir::core {

/// What a pipeline is to do, on all its nodes. It travels between nodes by its value; a value beyond the last is
/// refused.
enum class goal : std::uint8_t {
  running,
  paused,  ///< reads no more; what was read is finished and committed
  drained, ///< as paused, and the nodes have let go of their partitions; the processes stay
  stopped  ///< as drained, and the processes end. There is no way back
};
inline constexpr auto last_goal = goal::stopped;

constexpr std::string_view to_string(goal of) noexcept {
  switch (of) {
  case goal::running: return "running";
  case goal::paused: return "paused";
  case goal::drained: return "drained";
  case goal::stopped: return "stopped";
  }
  return "";
}

/// The lanes are to end.
constexpr bool ends_lanes(goal of) noexcept {
  return of >= goal::drained;
}

} // namespace weir::core
