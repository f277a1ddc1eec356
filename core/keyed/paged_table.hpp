#pragma once

#include "core/base/result.hpp"
#include "core/batch/column.hpp"
#include "core/batch/record_block.hpp"
#include "core/keyed/key_table.hpp"
#include "core/keyed/paged_blob.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace weir::core {

/// A paged_blob for each key, or for the lane: the null key. For state that is large or grows; what is small, of one
/// size and hot belongs into a key_table.
///
/// Holds so many keys and so many bytes at most. For more, the least recently used key goes, exactly so; what counts is
/// the sizes of the blobs and not what the machine gave for them, so a replay of the same records evicts the same keys.
///
/// Changelog: the key is [tag][table, + 128 for the null key][page, 4 bytes, big-endian][key bytes]. Page 0 is the
/// head: [format][fingerprint][last use][size][sum of the checks of all pages][check]. Page n + 1 is bytes from n *
/// page_bytes on, as many as a page or the rest of the blob has: [format][fingerprint][bytes][check]. Other numbers in
/// the byte order of the machine. A head is written when its key was used, a page when it was changed, a tombstone for
/// each head and page that went. The checks tell damage, and pages of different commits from each other.
///
/// Not thread-safe.
class paged_table {
public:
  struct options {
    std::size_t max_keys = 1'000'000;       ///< 1 at least
    std::size_t max_bytes = SIZE_MAX;       ///< as bytes() counts them; less than least_bytes counts as that
    std::size_t max_blob_bytes = 16u << 20; ///< of one blob
    table_identity identity;
    std::function<bool(std::span<const std::byte>)> valid{}; ///< asked of a blob that was restored; absent: any will do
  };

  /// What an empty blob counts beside the bytes of its key: its share of the look-up, and the blob itself.
  static constexpr std::size_t bytes_per_key = 256;
  /// Room for one empty blob, whatever its key.
  static constexpr std::size_t least_bytes = bytes_per_key + max_key_bytes;

  /// What a blob of so many bytes counts at most, whatever its key.
  static std::size_t most_bytes_of(std::size_t blob_size) noexcept { return charge(1 + max_key_bytes, blob_size); }

  explicit paged_table(options settings);
  paged_table(const paged_table&) = delete;
  paged_table& operator=(const paged_table&) = delete;

  /// The blob of a key, an empty one if it is new, marked as used. Another key may go for it. To be used until the next
  /// call of this, erase() or collect_changes(). nullopt is the null key. @pre the key has max_key_bytes at most
  paged_blob& find_or_insert(std::optional<std::string_view> key);

  /// The same for the key that a row has in `by`, which is of any type but double.
  paged_blob& find_or_insert(const column& by, row_index row);

  /// The blob of a key, or null. Does not count as a use.
  const paged_blob* find(std::optional<std::string_view> key) const;

  void erase(std::optional<std::string_view> key);

  /// Appends what was used, changed or erased since the last call.
  void collect_changes(record_block& into);

  /// Takes a record of the changelog; null erases. Records come as they were collected, or, of each key the newest, in
  /// the order of the keys. The bounds on keys and bytes are enforced at the next new key or resize(), not here.
  /// Nothing is reserved that was not read. An error names the steps.
  result<void> restore(std::string_view key, const std::string_view* value);

  /// To be called behind the last record, before anything is used. An error: a blob is not whole, or cannot be what
  /// these steps left.
  result<void> finish_restore();

  std::size_t size() const noexcept { return blobs_.size(); }
  std::uint64_t evictions() const noexcept { return evictions_; }

  /// What counts against options::max_bytes.
  std::size_t bytes() const noexcept { return bytes_; }
  const table_identity& identity() const noexcept { return settings_.identity; }

  /// Why a blob cannot be resized to so many bytes, for people.
  error no_room(std::size_t size) const;

private:
  friend class paged_blob;

  struct entry {
    std::string name; ///< [0, or 128 for the null key][key bytes]
    paged_blob blob;
    std::uint64_t last_used = 0;
    std::uint32_t stored_pages = 0;  ///< that the changelog has
    bool is_stored = false;          ///< the changelog has its head
    bool is_used = false;            ///< since the last collect_changes()
    bool is_restored = false;        ///< its head was read; not yet checked against its pages
    std::uint64_t restored_size = 0; ///< as the head says
    std::uint32_t restored_sum = 0;  ///< as the head says
  };
  using entries = std::list<entry>; ///< the most recently used first
  /// One record of the changelog.
  struct record {
    std::uint32_t number = 0; ///< 0: the head
    std::string name;         ///< as entry::name
  };

  static std::size_t charge(std::size_t name_size, std::size_t size) noexcept;
  void set_size(entry& of, std::size_t size);
  std::string_view name_of(std::optional<std::string_view> key) const;
  entries::iterator find_entry(std::string_view name);
  entries::iterator insert(std::string_view name);
  void remove(entries::iterator which);
  void evict();
  bool resize(const paged_blob& blob, std::size_t size);
  void put_key(record_block& into, std::uint32_t number, std::string_view name) const;
  result<record> parse_key(std::string_view key) const;
  void put_tombstones(record_block& into, std::string_view name, std::uint32_t first, std::uint32_t end) const;
  std::uint32_t put_record(record_block& into, std::uint32_t number, std::string_view name,
                           std::string_view content) const;
  void put_changes(record_block& into, entry& of);
  result<void> restore_head(std::string_view name, std::string_view content);
  result<void> restore_page(const record& r, std::string_view content, std::uint32_t check);
  result<void> restore_tombstone(const record& r);
  result<void> check_whole(entry& of) const;
  tl::unexpected<error> damaged(const std::string& how) const;

  options settings_;
  entries blobs_;
  std::unordered_map<std::string_view, entries::iterator> by_name_;
  std::unordered_map<std::string, std::uint32_t> gone_; ///< name: pages in the changelog
  mutable std::string name_;                            ///< the one that is looked for
  record_block changed_pages_;                          ///< of the blob at hand
  std::size_t bytes_ = 0;
  std::uint64_t clock_ = 0;
  std::uint64_t evictions_ = 0;
};

} // namespace weir::core
