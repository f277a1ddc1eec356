#pragma once

#include "core/base/types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What the parts of an output are called (docs/pipeline.md, "Files and exactly once").

namespace weir::io {

/// `<owner>-20260105T134510.123Z<extension>`. The names of an owner stand in the order in which its parts were begun.
/// @param owner the pipeline and the node
std::string part_name(std::string_view owner, std::int64_t begun_ms, std::string_view extension);

/// A part that is being written.
std::string open_part_name(std::string_view name);

/// A part that is closed and on the disk, and waits for its transaction.
/// @param partition of the state topic in which the list of the transaction's parts stands
std::string sealed_part_name(std::string_view name, core::partition_id partition);

/// A part that is not yet to be seen.
struct pending_part {
  std::string_view name;                        ///< its final one
  std::optional<core::partition_id> sealed_for; ///< nothing: it is being written

  /// Nothing: a file of this name is something else.
  static std::optional<pending_part> parse(std::string_view file_name) noexcept;

  bool is_of(std::string_view owner) const noexcept;
};

} // namespace weir::io
