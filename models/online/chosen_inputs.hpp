#pragma once

#include "models/seeds.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace weir::models::online {

/// The share of a seed's number: from 0 up to 1, which is not reached.
constexpr double uniform_of(std::uint64_t seed, std::size_t part) noexcept {
  return static_cast<double>(seed_of(seed, part) >> 11) * 0x1p-53;
}

/// Chooses some of `inputs` at random, each set as probable as any other, ascending (Knuth's algorithm S).
/// @pre chosen.size() <= inputs
inline void choose_inputs(std::span<std::uint64_t> chosen, std::size_t inputs, std::uint64_t seed) noexcept {
  std::size_t found = 0;
  for (std::size_t i = 0; i < inputs && found < chosen.size(); ++i)
    if (uniform_of(seed, i) * static_cast<double>(inputs - i) < static_cast<double>(chosen.size() - found))
      chosen[found++] = i;
}

} // namespace weir::models::online
