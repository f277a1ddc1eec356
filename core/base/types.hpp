#pragma once

#include <cstddef>
#include <cstdint>

namespace weir::core {

/// A position in one partition. A type of its own: an offset is not a count, and not a sequence number.
enum class offset : std::int64_t {};

constexpr std::int64_t value_of(offset at) noexcept {
  return static_cast<std::int64_t>(at);
}

/// The offset after `at`.
constexpr offset next(offset at) noexcept {
  return offset{value_of(at) + 1};
}

/// A partition of the source, the unit of order, ownership and recovery.
enum class partition_id : std::int32_t {};

constexpr std::int32_t value_of(partition_id id) noexcept {
  return static_cast<std::int32_t>(id);
}

/// What happens between two commits of a node, numbered from 1.
enum class epoch : std::uint64_t {};

constexpr std::uint64_t value_of(epoch e) noexcept {
  return static_cast<std::uint64_t>(e);
}

/// Index of a column in the pipeline's layout.
using column_id = std::uint32_t;

/// Index of a record in its raw_block.
using row_index = std::uint32_t;

} // namespace weir::core
