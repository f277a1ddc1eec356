#pragma once

#include <cstddef>
#include <cstdint>

namespace weir::models {

/// Seeds of neighbouring parts and states have nothing in common (SplitMix64, Steele 2014).
constexpr std::uint64_t seed_of(std::uint64_t random_state, std::size_t part) noexcept {
  auto z = random_state * 0xd1342543de82ef95 + (part + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

} // namespace weir::models
