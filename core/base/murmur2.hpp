#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace weir::core {

/// Kafka's murmur2 (org.apache.kafka.common.utils.Utils.murmur2).
inline std::uint32_t murmur2(std::string_view bytes) noexcept {
  constexpr std::uint32_t m = 0x5bd1e995;
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  auto size = bytes.size();
  std::uint32_t h = 0x9747b28cu ^ static_cast<std::uint32_t>(size);
  while (size >= 4) {
    std::uint32_t k;
    std::memcpy(&k, data, 4);
    k *= m;
    k ^= k >> 24;
    k *= m;
    h *= m;
    h ^= k;
    data += 4;
    size -= 4;
  }
  switch (size) {
  case 3: h ^= static_cast<std::uint32_t>(data[2]) << 16; [[fallthrough]];
  case 2: h ^= static_cast<std::uint32_t>(data[1]) << 8; [[fallthrough]];
  case 1:
    h ^= data[0];
    h *= m;
    break;
  default: break;
  }
  h ^= h >> 13;
  h *= m;
  h ^= h >> 15;
  return h;
}

/// The partition of a keyed record, as Kafka's default partitioner chooses it.
inline std::int32_t partition_of(std::string_view key, std::int32_t partitions) noexcept {
  return static_cast<std::int32_t>((murmur2(key) & 0x7fffffffu) % static_cast<std::uint32_t>(partitions));
}

} // namespace weir::core
