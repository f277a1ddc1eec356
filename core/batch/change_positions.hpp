#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace weir::core {

/// Where the changes of a batch stand in the logs of the databases that they come from.
struct change_positions {
  static constexpr std::uint32_t unknown = std::numeric_limits<std::uint32_t>::max();

  struct change {
    std::array<std::uint64_t, 3> position{}; ///< ascends in what a source says first; equal for what is written at once
    std::uint64_t content = 0;               ///< a hash: tells changes of one position apart
    std::int64_t time_ms = std::numeric_limits<std::int64_t>::min(); ///< of the change, where the source says it
    std::uint32_t source = unknown; ///< index into `sources`; unknown: no position, as a snapshot's rows have none
  };

  std::vector<change> changes;      ///< dense: one for each record
  std::vector<std::string> sources; ///< connector, server and table: positions of different ones are not compared
};

} // namespace weir::core
