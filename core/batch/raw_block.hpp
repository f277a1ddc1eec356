#pragma once

#include "core/base/types.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// Consecutive records of one partition, as read: payloads and keys in one buffer each, nothing parsed.
/// Immutable once it is shared.
struct raw_block {
  static constexpr std::size_t padding = 64; ///< readable bytes behind `text`, for SIMD decoders

  partition_id partition{};
  std::string text;                        ///< the payloads, each followed by '\n'; capacity is size + padding at least
  std::vector<std::uint32_t> begin{0};     ///< size() + 1 entries; payload i is text[begin[i], begin[i + 1] - 1)
  std::string keys;                        ///< the keys, one behind the other
  std::vector<std::uint32_t> key_begin{0}; ///< size() + 1 entries
  std::vector<std::uint8_t> flags;         ///< for each record: no_key, no_value, cut
  std::vector<std::int64_t> offsets;       ///< ascending, gaps allowed (compaction, transaction markers)
  std::vector<std::int64_t> timestamps;    ///< milliseconds since the epoch, UTC; the record's own (Kafka's) time

  /// The values of one header of the records.
  struct header_values {
    std::string text;                    ///< one behind the other
    std::vector<std::uint32_t> begin{0}; ///< size() + 1 entries
    std::vector<std::uint8_t> absent;    ///< for each record: it has no such header, or a null one
  };
  std::vector<header_values> headers; ///< of those that are wanted, in the order in which the reader was told of them

  static constexpr std::uint8_t no_key = 1;   ///< the key is null, not empty
  static constexpr std::uint8_t no_value = 2; ///< the value is null, not empty (a tombstone)
  static constexpr std::uint8_t cut = 4;      ///< the value is the beginning of a record that was too long to be read

  std::size_t size() const noexcept { return offsets.size(); }
  bool empty() const noexcept { return offsets.empty(); }

  std::string_view value(row_index row) const noexcept {
    return {text.data() + begin[row], begin[row + 1] - begin[row] - 1};
  }
  std::string_view key(row_index row) const noexcept {
    return {keys.data() + key_begin[row], key_begin[row + 1] - key_begin[row]};
  }
  bool has_key(row_index row) const noexcept { return (flags[row] & no_key) == 0; }
  bool has_value(row_index row) const noexcept { return (flags[row] & no_value) == 0; }
  bool is_cut(row_index row) const noexcept { return (flags[row] & cut) != 0; }

  /// Appends a record. Call reserve() of `text` first where the size is known: `text` grows otherwise.
  void append(std::int64_t at, std::int64_t timestamp, const char* key_data, std::size_t key_size, const char* data,
              std::size_t size) {
    if (data != nullptr)
      text.append(data, size);
    text.push_back('\n');
    begin.push_back(static_cast<std::uint32_t>(text.size()));
    if (key_data != nullptr)
      keys.append(key_data, key_size);
    key_begin.push_back(static_cast<std::uint32_t>(keys.size()));
    flags.push_back(static_cast<std::uint8_t>((key_data == nullptr ? no_key : 0) | (data == nullptr ? no_value : 0)));
    offsets.push_back(at);
    timestamps.push_back(timestamp);
  }

  /// To be called once after the last append(): makes the padding readable.
  void seal() { text.reserve(text.size() + padding); }

  std::size_t footprint() const noexcept {
    auto bytes =
        text.capacity() + keys.capacity() + size() * (2 * sizeof(std::uint32_t) + 2 * sizeof(std::int64_t) + 1);
    for (const auto& header : headers)
      bytes += header.text.capacity() + size() * (sizeof(std::uint32_t) + 1);
    return bytes;
  }
};

using raw_block_ptr = std::shared_ptr<const raw_block>;

} // namespace weir::core
