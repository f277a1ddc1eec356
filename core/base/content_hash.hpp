#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace weir::core {

/// 64 bits of a text, eight bytes at a time: tells contents apart, also in what is stored, so it must never change. Not
/// for contents that somebody chooses to collide.
inline std::uint64_t content_hash(std::string_view text, std::uint64_t seed) noexcept {
  constexpr std::uint64_t factor = 0x9e3779b97f4a7c15; // 2^64 by the golden ratio, as Fibonacci hashing takes it
  const auto mix = [](std::uint64_t h, std::uint64_t word) {
    h = (h ^ word) * factor;
    return h ^ (h >> 32);
  };
  auto h = mix(seed, text.size());
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::uint64_t word;
    std::memcpy(&word, text.data(), 8);
    h = mix(h, word);
  }
  std::uint64_t rest = 0;
  if (!text.empty())
    std::memcpy(&rest, text.data(), text.size());
  return mix(h, rest);
}

} // namespace weir::core
