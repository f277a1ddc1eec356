#pragma once

#include "core/format/json_tokens.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weir::core {

/// The keys of a stream's records, by the order in which they come: each key remembers which one followed it last, so
/// that the next record's keys are found by one comparison each. Keys that the pipeline does not use are remembered as
/// well, up to `max_entries`.
class json_keys {
public:
  static constexpr std::int32_t unused = -1;
  static constexpr std::size_t max_entries = 512;

  struct alignas(128) entry {
    static constexpr std::uint32_t words = 6;
    static constexpr std::uint64_t nowhere = ' '; ///< the text of an entry that matches nothing: no token is a blank

    std::array<std::uint64_t, words> text{nowhere}; ///< `"key":`, as it stands in a record without blanks
    std::array<std::uint64_t, words> mask{0xff};
    std::uint32_t word_count = 1;
    std::uint32_t next = 0;     ///< the entry that followed last time
    std::int32_t slot = unused; ///< the used field
    bool cut = false;           ///< does not go through

    /// Whether `"key":` stands at `p`, where a token is. Reads up to 48 bytes.
    bool matches(const char* p) const noexcept {
      if (differs(p, 0))
        return false;
      for (std::uint32_t i = 1; i < word_count; ++i)
        if (differs(p, i))
          return false;
      return true;
    }

  private:
    bool differs(const char* p, std::uint32_t i) const noexcept {
      std::uint64_t word;
      std::memcpy(&word, p + 8 * i, 8);
      return ((word ^ text[i]) & mask[i]) != 0;
    }
  };

  json_keys();

  /// Declares a key before the first record. Once for each key.
  void add(std::string_view key, std::int32_t slot, bool cut);

  const entry& operator[](std::uint32_t index) const noexcept { return entries_[index]; }

  /// The entry in front of a record's first key.
  static constexpr std::uint32_t start = 0;

  /// The entry of `key` (without quotes, escapes resolved), which now follows `previous`. The slow way; new keys are
  /// learned. Invalidates references to entries, not their indexes.
  std::uint32_t find_after(std::uint32_t previous, std::string_view key);

  /// Reads a key that is not the expected one, and the colon; null: it is refused. @param key the entry before it, and
  /// then its own
  json_tokens::cursor read(json_tokens& tokens, json_tokens::cursor token, std::uint32_t& key);

private:
  static constexpr std::uint32_t other = 1; ///< a key that is not remembered

  std::uint32_t learn(std::string_view key);

  std::vector<entry> entries_;
  std::unordered_map<std::string, std::uint32_t> index_;
  std::vector<std::string> declared_;
  std::string wanted_;
  std::string unescaped_;
};

} // namespace weir::core
