#pragma once

#include "core/base/result.hpp"
#include "core/batch/column.hpp"
#include "core/batch/record_block.hpp"
#include "core/keyed/segment_log.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// The longest key that state is kept by, in bytes. A record with a longer one is refused (core/keyed/long_keys.hpp).
inline constexpr std::size_t max_key_bytes = 4096;

/// What a key_table writes in front of its records in a changelog, and how it is called in errors.
struct table_identity {
  std::uint8_t tag = 0;          ///< of the operator that owns the table
  std::uint8_t table = 0;        ///< below 128; which of the operator's tables
  std::uint32_t fingerprint = 0; ///< of the layout of the state: records with another one are refused
  std::string name;              ///< for people: the steps that the state belongs to
};

/// A flat block of state for each key: open addressing from key bytes to blocks of one size, which never move.
///
/// Holds `max_keys` keys and `max_bytes` bytes at most, but always one key. For one more, the least recently used goes:
/// exactly so, whatever the batches were, so a replay evicts the same keys. A null key is a key of its own. New state
/// is all zero bytes.
///
/// Changelog: a log of segments, for a record of Kafka costs far more than the state of a key. The key is
/// [tag][table][number of the segment, 8 bytes, big-endian], the value [format][fingerprint][bytes of a state] and then
/// for each key that was used [bytes of the key, all ones: the null key][the key][last use][state], or for one that
/// went [bytes][the key][all ones]; other numbers in the byte order of the machine. What a later segment says of a key
/// holds. When the log has become longer than the table twice over, keys that nobody uses are written again little by
/// little, and once all of them are, the older segments go by a tombstone each. Restoring gives the same bits, the
/// order of use included.
///
/// Not thread-safe.
class key_table {
public:
  struct options {
    std::size_t state_size = 0;       ///< bytes for each key; a multiple of 8
    std::size_t max_keys = 1'000'000; ///< 1 at least; above 2^31 counts as 2^31
    std::size_t max_bytes = SIZE_MAX; ///< as bytes() counts them
    table_identity identity;
    std::function<bool(const std::byte* state)> valid{}; ///< asked of state that is restored; absent: any will do
  };

  /// What a key counts; one of more than 12 bytes counts these too.
  static std::size_t bytes_per_key(std::size_t state_size) noexcept;

  explicit key_table(options settings);
  ~key_table();
  key_table(const key_table&) = delete;
  key_table& operator=(const key_table&) = delete;

  /// Sets `states[i]` to the state of the key that row `rows[i]` has in `by` (of any type but double), and marks it as
  /// used and changed. @returns how many rows were resolved, from the front: fewer than all, but one at least, when a
  /// key would have to go that an earlier row of this call needs. Use what was resolved, then call again with the rest.
  std::size_t find_or_insert(const column& by, std::span<const row_index> rows, std::byte** states);

  /// The same for one key; nullopt is the null key.
  std::byte* find_or_insert(std::optional<std::string_view> key);

  /// The state of a key, or null. Does not count as a use.
  const std::byte* find(std::optional<std::string_view> key) const noexcept;

  /// Calls `f(key, state)` for each key, in no order; nullopt is the null key. It must not use the table.
  template <class F>
  void for_each(F&& f) const {
    for (std::uint32_t slot = 0; slot < slots_; ++slot)
      if (header(slot).live != 0)
        f(key_of(header(slot)), static_cast<const std::byte*>(state(slot)));
  }

  /// Whether a state that find_or_insert() has given is still that of a key: of the same, or of another that has taken
  /// its place.
  bool is_live(const std::byte* state) const noexcept { return header_of(state).live != 0; }

  /// The key of a state. @pre is_live(state)
  std::optional<std::string_view> key_of(const std::byte* state) const noexcept { return key_of(header_of(state)); }

  /// Marks a state as changed, and not as used. @pre is_live(state)
  void mark_changed(const std::byte* state);

  /// Lets a key go that is not wanted any more; that is no eviction.
  void erase(std::optional<std::string_view> key);

  /// Appends segments that say which keys were used since the last call, and which went; and tombstones of segments.
  void collect_changes(record_block& into);

  /// Takes a record of the changelog: all that were written, or what is left of them, in order. The bound on keys is
  /// enforced at the next new key, not here. What this table cannot have written, as far as sizes, numbers and
  /// options::valid tell, is an error that names the steps; the table is of no use then.
  result<void> restore(std::string_view key, const std::string_view* value);

  /// A segment ends before the entry that would take it above so many bytes; one entry fits always.
  static constexpr std::size_t segment_bytes = 64 * 1024;

  std::size_t size() const noexcept { return size_; }
  std::uint64_t evictions() const noexcept { return evictions_; }

  /// What counts against options::max_bytes: the states, the keys, and the look-up's share of each. It follows from the
  /// keys alone.
  std::size_t bytes() const noexcept { return bytes_; }

private:
  class segment_writer;

  static constexpr std::uint32_t no_slot = 0xffffffffu;
  static constexpr std::uint32_t null_size = 0xffffffffu;

  /// A key of up to 12 bytes in place (zero-padded), of a longer one the first 4 and a pointer; compared as two words.
  struct key_cell {
    std::uint64_t head = 0; ///< bytes 0-7, or the pointer
    std::uint64_t tail = 0; ///< low half: bytes 8-11, or bytes 0-3 of a long key; high half: the size
  };
  struct hashed_key {
    key_cell cell;
    std::uint32_t hash = 0;
  };
  struct slot_header {
    key_cell key;
    std::uint32_t hash;
    std::uint8_t live;
    std::uint8_t dirty;      ///< stands in dirty_; survives the slot's reuse
    std::uint8_t stored;     ///< the changelog has a value of this key
    std::uint8_t round;      ///< in which the changelog was given the value
    std::uint64_t last_used; ///< from here on, the slot is what the changelog holds
  };
  struct bucket {
    std::uint32_t hash = 0;
    std::uint32_t slot = no_slot;
  };
  struct candidate {
    std::uint64_t last_used;
    std::uint32_t slot;
  };
  struct aligned_delete {
    void operator()(std::byte* p) const noexcept;
  };

  static std::string_view text_of(const key_cell& cell) noexcept;
  static bool is_long(const key_cell& cell) noexcept;
  std::size_t cost_of(const key_cell& cell) const noexcept;
  static bool same(const key_cell& a, const key_cell& b) noexcept;
  hashed_key hashed(std::string_view text) const noexcept;
  hashed_key hashed(std::int64_t number) const noexcept;
  hashed_key hashed_null() const noexcept;
  hashed_key hashed(std::optional<std::string_view> key) const noexcept;

  static const slot_header& header_of(const std::byte* state) noexcept {
    return *reinterpret_cast<const slot_header*>(state - sizeof(slot_header));
  }
  static std::optional<std::string_view> key_of(const slot_header& of) noexcept {
    return of.key.tail >> 32 == null_size ? std::nullopt : std::optional{text_of(of.key)};
  }
  slot_header& header(std::uint32_t slot) const noexcept;
  std::byte* state(std::uint32_t slot) const noexcept;
  std::uint32_t find_slot(const hashed_key& key) const noexcept;
  std::uint32_t insert(const hashed_key& key);
  void erase(std::uint32_t slot);
  bool has_room(const key_cell& cell) const noexcept;
  bool evict(std::uint64_t used_before);
  void rebuild_candidates();
  void grow_buckets();
  void place(std::uint32_t hash, std::uint32_t slot) noexcept;
  void touch(std::uint32_t slot);
  void mark_dirty(std::uint32_t slot);
  void note_gone(const slot_header& of);
  void put_changes(segment_writer& into);
  void sweep(segment_writer& into, std::size_t budget);
  result<void> restore_segment(std::string_view entries);
  tl::unexpected<error> damaged(const std::string& how) const;

  template <class KeyOf>
  std::size_t resolve(std::size_t count, KeyOf key_of, std::byte** states);

  options settings_;
  std::size_t stride_;
  std::uint32_t chunk_shift_;
  std::vector<std::unique_ptr<std::byte[], aligned_delete>> chunks_;
  std::uint32_t slots_ = 0; ///< ever made
  std::vector<std::uint32_t> free_;
  std::vector<bucket> buckets_;
  std::size_t mask_;
  std::size_t size_ = 0;
  std::size_t bytes_per_key_;
  std::size_t bytes_ = 0;
  std::uint64_t clock_ = 0;
  std::uint64_t evictions_ = 0;
  std::vector<candidate> candidates_; ///< the least recently used when it was made, newest first; older than all others
  std::vector<std::uint32_t> dirty_;
  segment_log log_;
  std::uint8_t round_ = 1;              ///< of the sweep; slots are made, and restored, with 0
  std::uint64_t round_begin_ = 0;       ///< the first segment of the round
  std::uint32_t swept_ = 0;             ///< slots below are written in this round
  std::vector<std::uint64_t> restored_; ///< the state at hand, aligned
  struct gone_key {
    std::string text;
    bool null;
  };
  std::vector<gone_key> gone_;
};

} // namespace weir::core
