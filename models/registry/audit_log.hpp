#pragma once

#include "core/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::models {

enum class log_action : std::uint8_t {
  added,       ///< a version
  promoted,    ///< an alias was set
  rolled_back, ///< an alias was set to the version that it had before
  removed,     ///< an alias
  found,       ///< a version or an alias that no line had said: a person has changed the files
  undone,      ///< the change of the line before, of the same version or alias, did not come to its end
};

std::string_view name_of(log_action action) noexcept;

/// A line of a model's audit log: a change, written before it is made.
struct log_entry {
  std::string time{}; ///< ISO 8601, UTC
  std::string user{};
  std::string host{};
  log_action action = log_action::added;
  std::uint64_t version = 0; ///< that was added, or that the alias has then; 0: none
  std::string digest{};      ///< SHA-256 of that version's file
  std::string alias{};       ///< empty: the change is of a version
  std::uint64_t from = 0;    ///< the version that the alias had; 0: none
  std::uint64_t to = 0;      ///< and that it has then; 0: none
  std::string note{};        ///< of whoever made the change
};

/// A JSON object and a line end.
std::string line_of(const log_entry& entry);

struct audit_log {
  std::vector<log_entry> entries;
  std::size_t whole_bytes = 0;    ///< of the text without the half line at its end that a killed process leaves
  bool ends_without_line = false; ///< the last line is whole, but its line end is missing
};

/// Reads the text of a log. A half line at its end is passed over; anything else that is no entry is an error, which
/// says the line. @param path as the error says it
core::result<audit_log> read_log(std::string_view text, const std::string& path);

/// The entries that have come true, as far as the log knows: those that were undone, and what says so, are left out.
std::vector<log_entry> without_undone(const std::vector<log_entry>& entries);

/// The versions that an alias has had, one after the other, 0 where it had none; the last one is that of now. What was
/// rolled back is taken away, so that a second rollback goes one further.
/// @param entries without_undone()
std::vector<std::uint64_t> history_of(std::string_view alias, const std::vector<log_entry>& entries);

} // namespace weir::models
