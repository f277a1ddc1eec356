#pragma once

#include <cstdint>
#include <string_view>

namespace weir::core {

inline constexpr std::uint64_t fnv1a_basis = 14695981039346656037u;

/// FNV-1a in 64 bits, of texts that stand one behind the other: `from` is the hash of those before. Fingerprints,
/// changelog keys and the keys of canaries are made of it, so it must never change.
constexpr std::uint64_t fnv1a(std::string_view bytes, std::uint64_t from = fnv1a_basis) noexcept {
  for (const char c : bytes)
    from = (from ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return from;
}

/// The finalizer of splitmix64: every bit of the input reaches every bit of the result.
constexpr std::uint64_t mixed(std::uint64_t x) noexcept {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

} // namespace weir::core
