#pragma once

#include "core/base/result.hpp"
#include "core/base/types.hpp"
#include "core/batch/record_block.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::io {

/// Told once, when everything that one write() took is safe (true), or some of it is lost for good (false). It may be
/// called from another thread, or before write() returns; it must not block.
using delivered = std::function<void(bool ok)>;

/// A record that a sink refuses for its own sake (too large), while the others go through.
struct refusal {
  std::size_t index = 0;
  std::string reason;
};

/// Where outputs and alerts go. Safe to be called by several lanes at once.
class sink {
public:
  virtual ~sink() = default;

  /// Writes the block's records in order, for `partition` (a sink without partitions ignores it). Keeps the block until
  /// it is delivered. Does not block on a slow receiver: the caller bounds what is in flight.
  /// @returns the records that it did not take.
  virtual std::vector<refusal> write(core::record_block_ptr block, core::partition_id partition, delivered then) = 0;
};

/// A record that could not be handled, whole.
struct dead_letter {
  std::string_view key;
  std::string_view value;
  bool has_key = false;
  bool has_value = false;
  std::string_view topic; ///< or the path of the source file
  core::partition_id partition{};
  core::offset at{};
  std::int64_t timestamp = 0; ///< of the record, milliseconds since the epoch
  std::string_view stage;
  std::string_view reason;
};

/// Where dead letters go: the original bytes, with its coordinates, stage, reason and the time of the refusal beside
/// them.
class dead_letter_sink {
public:
  virtual ~dead_letter_sink() = default;
  virtual void write(const std::vector<dead_letter>& letters, delivered then) = 0;
};

/// Where a lane's state changes go at each barrier, the marker last.
class changelog {
public:
  virtual ~changelog() = default;

  /// As sink::write. A record that is refused is a hole in the state: what was written since the last commit cannot be
  /// committed any more, and `then` hears false.
  virtual std::vector<refusal> write(core::record_block_ptr changes, core::partition_id partition, delivered then) = 0;
};

/// A lane's state as of its last commit.
struct restored_state {
  core::partition_id partition{};
  core::offset next{};        ///< where to read on
  bool found = false;         ///< false: nothing was ever committed; `next` is then the source's start
  core::record_block changes; ///< to be restored in order; without the marker
};

} // namespace weir::io
