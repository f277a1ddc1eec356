#pragma once

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

  struct entry {
    static constexpr std::size_t words = 5;
    std::array<std::uint64_t, words> text{}; ///< `"key":`, as it stands in a record without blanks
    std::array<std::uint64_t, words> mask{};
    std::uint32_t word_count = 0; ///< 0: too long to be compared this way
    std::uint32_t next = 0;       ///< the entry that followed last time
    std::int32_t slot = unused;   ///< the used field
    bool cut = false;             ///< does not go through

    /// Whether `"key":` stands at `p`. Reads up to 40 bytes.
    bool matches(const char* p) const noexcept {
      std::uint64_t difference = word_count == 0;
      for (std::uint32_t i = 0; i < word_count; ++i) {
        std::uint64_t word;
        std::memcpy(&word, p + 8 * i, 8);
        difference |= (word ^ text[i]) & mask[i];
      }
      return difference == 0;
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

private:
  static constexpr std::uint32_t other = 1; ///< a key that is not remembered

  std::uint32_t learn(std::string_view key);

  std::vector<entry> entries_;
  std::unordered_map<std::string, std::uint32_t> index_;
  std::vector<std::string> declared_;
  std::string wanted_;
};

} // namespace weir::core
