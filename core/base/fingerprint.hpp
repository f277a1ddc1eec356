#pragma once

#include <cstdint>
#include <string_view>

namespace weir::core {

/// FNV-1a in 32 bits: tells the layouts of state apart in a changelog, so it must never change.
constexpr std::uint32_t fingerprint(std::string_view text) noexcept {
  std::uint32_t hash = 2166136261u;
  for (const auto c : text)
    hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

} // namespace weir::core
