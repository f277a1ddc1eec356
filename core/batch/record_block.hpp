#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// Records that are to be written somewhere (outputs, dead letters, alerts, state changes): keys and values in one
/// buffer. Immutable once it is shared; sinks refer to its bytes until they are delivered.
struct record_block {
  static constexpr std::uint32_t none = 0xffffffffu; ///< size of a null key or a null value

  struct entry {
    std::uint32_t key_begin = 0;
    std::uint32_t key_size = none;
    std::uint32_t value_begin = 0;
    std::uint32_t value_size = none;

    /// Bytes of key and value.
    std::size_t bytes() const noexcept {
      return std::size_t{key_size == none ? 0 : key_size} + (value_size == none ? 0 : value_size);
    }
  };

  std::string bytes;
  std::vector<entry> entries;

  std::size_t size() const noexcept { return entries.size(); }
  bool empty() const noexcept { return entries.empty(); }
  std::size_t footprint() const noexcept { return bytes.capacity() + entries.capacity() * sizeof(entry); }

  /// The key's bytes; a null key reads as empty.
  std::string_view key(std::size_t i) const noexcept {
    const auto& e = entries[i];
    return e.key_size == none ? std::string_view{} : std::string_view{bytes.data() + e.key_begin, e.key_size};
  }
  /// The value's bytes; a null value reads as empty.
  std::string_view value(std::size_t i) const noexcept {
    const auto& e = entries[i];
    return e.value_size == none ? std::string_view{} : std::string_view{bytes.data() + e.value_begin, e.value_size};
  }

  /// Appends a record; for the plain paths. The hot path writes into `bytes` and pushes entries itself.
  void append(std::string_view key, std::string_view value) {
    entry e;
    e.key_begin = static_cast<std::uint32_t>(bytes.size());
    e.key_size = static_cast<std::uint32_t>(key.size());
    bytes.append(key);
    e.value_begin = static_cast<std::uint32_t>(bytes.size());
    e.value_size = static_cast<std::uint32_t>(value.size());
    bytes.append(value);
    entries.push_back(e);
  }

  /// Appends all records of another block.
  void append_all(const record_block& other) {
    const auto shift = static_cast<std::uint32_t>(bytes.size());
    bytes.append(other.bytes);
    for (auto e : other.entries) {
      e.key_begin += shift;
      e.value_begin += shift;
      entries.push_back(e);
    }
  }

  /// Appends a tombstone.
  void append_tombstone(std::string_view key) {
    append(key, {});
    entries.back().value_size = none;
  }
};

using record_block_ptr = std::shared_ptr<const record_block>;

} // namespace weir::core
