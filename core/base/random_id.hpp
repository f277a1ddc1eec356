#pragma once

#include <cstdint>
#include <random>

namespace weir::core {

/// 64 bits that no other process has, as far as chance goes. Not for secrets.
inline std::uint64_t random_id() {
  std::random_device dice;
  return dice() + (std::uint64_t{dice()} << 32);
}

} // namespace weir::core
