#pragma once

#include "core/keyed/key_table.hpp"
#include "core/window/window_options.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace weir::core {

/// What stands in front of the statistics of an entry: a pane of windows of one length, or a session.
struct window_span {
  std::int64_t begin;    ///< of the pane; of a session: its first record
  std::int64_t end;      ///< of the first window of the pane that is open; of a session: its last record
  std::uint64_t records; ///< that it has taken
};

/// The open windows of a lane: a flat state for each pane, or session, of a group. Keyed by its place in time when it
/// was made and the group.
class window_entries {
public:
  /// @param bytes that the states may take
  window_entries(const window_options& how, std::uint8_t tag, std::uint64_t bytes);

  /// The entry that was made for `id`; null: there is none.
  std::byte* find(std::int64_t id, std::string_view group);

  /// Makes one. @pre has_room_for(group), unless it is the only one
  std::byte* add(std::int64_t id, std::string_view group, const window_span& span);

  bool has_room_for(std::string_view group) const noexcept;

  /// Lets an entry go.
  void erase(const std::byte* entry);

  void mark_changed(const std::byte* entry) { table_.mark_changed(entry); }

  /// Whether what add() has given is still an entry: the same, or another that has taken its place.
  bool is_live(const std::byte* entry) const noexcept { return table_.is_live(entry); }

  /// The group of an entry. Valid as long as the entry is there.
  std::string_view group_of(const std::byte* entry) const noexcept;

  static const window_span& span_of(const std::byte* entry) noexcept {
    return *reinterpret_cast<const window_span*>(entry);
  }
  static window_span& span_of(std::byte* entry) noexcept { return *reinterpret_cast<window_span*>(entry); }

  /// Takes records in. @param entries of each of `rows`
  void take(const batch& b, std::span<const row_index> rows, const std::int64_t* times,
            std::byte* const* entries) const;

  /// Takes in what another entry has seen.
  void merge(std::byte* into, const std::byte* other) const noexcept;

  /// Writes what an entry says into row `row`, one builder a column of the options.
  void read(const std::byte* entry, row_index row, std::span<column_builder> into) const;

  /// Calls `f(entry)` for each, in no order. It must not use this.
  template <class F>
  void for_each(F&& f) const {
    table_.for_each([&](auto, const std::byte* entry) { f(const_cast<std::byte*>(entry)); });
  }

  std::size_t entry_size() const noexcept { return entry_size_; }
  std::size_t size() const noexcept { return table_.size(); }
  std::size_t bytes() const noexcept;

  void collect_changes(record_block& into) { table_.collect_changes(into); }
  result<void> restore(std::string_view key, const std::string_view* value);

  /// What the state of one entry may take, its share of the schedule included.
  static std::uint64_t bytes_of_one(const window_options& how);

  /// Of all statistics and the span, in bytes.
  static std::size_t size_of_entry(const window_options& how);

private:
  std::string_view key_of(std::int64_t id, std::string_view group);

  const window_options& how_;
  group_keys groups_;
  std::size_t entry_size_;
  std::vector<std::size_t> offsets_; ///< of the statistics in an entry
  std::size_t max_bytes_;
  key_table table_;
  std::string key_; ///< scratch
};

} // namespace weir::core
