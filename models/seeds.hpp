#pragma once

#include "core/base/fnv1a.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::models {

/// Seeds of neighbouring parts and states have nothing in common (SplitMix64, Steele 2014).
constexpr std::uint64_t seed_of(std::uint64_t random_state, std::size_t part) noexcept {
  return core::mixed(random_state * 0xd1342543de82ef95 + (part + 1) * 0x9e3779b97f4a7c15);
}

} // namespace weir::models
