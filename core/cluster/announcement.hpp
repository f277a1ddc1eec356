#pragma once

#include <cstdint>
#include <string>

namespace weir::core {

/// Where a supervisor can be reached, as it says itself.
struct announcement {
  std::string node;
  std::string host;
  std::uint16_t port = 0;
  std::uint64_t incarnation = 0; ///< of its process
  std::int64_t term = -1;        ///< a later supervisor has a higher one; the control topic gives it
  std::string key{};             ///< what frames to it and from it are sealed with: who can read the topic may speak
};

} // namespace weir::core
