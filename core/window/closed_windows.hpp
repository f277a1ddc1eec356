#pragma once

#include "core/batch/batch.hpp"
#include "core/window/window_entries.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// Windows that have closed, until they become the records of a batch.
class closed_windows {
public:
  closed_windows(const window_options& how, const window_entries& entries);

  bool empty() const noexcept { return windows_.empty(); }
  std::size_t size() const noexcept { return windows_.size(); }

  /// @param entry is copied
  void add(std::string_view group, std::int64_t begin, std::int64_t end, const std::byte* entry);

  /// Puts them in place of the records of `b`, in the order in which they were added, and is empty then. Their key is
  /// the group's value, where it has one column, or a JSON array of its values; their time is the window's end.
  /// @param offset that they are said to have: of the record that closed them
  void give(batch& b, std::int64_t offset);

private:
  struct window {
    std::size_t group_begin;
    std::size_t group_size;
    std::int64_t begin;
    std::int64_t end;
  };

  void make_columns(batch& b);
  raw_block_ptr make_block(batch& b, std::int64_t offset);
  void append_key(const batch& b, row_index row, std::string& into) const;

  const window_options& how_;
  const window_entries& entries_;
  group_keys groups_;
  std::vector<window> windows_;
  std::string group_bytes_;
  std::vector<std::uint64_t> states_; ///< of all windows, aligned
};

} // namespace weir::core
