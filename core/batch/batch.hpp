#pragma once

#include "core/batch/change_positions.hpp"
#include "core/batch/column.hpp"
#include "core/batch/raw_block.hpp"
#include "core/batch/record_block.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

class contest_counters;
struct clock_rows;

/// Where in the pipeline a record was refused.
enum class stage : std::uint8_t { decode, cast, infer, detect, aggregate, produce };

std::string_view to_string(stage s) noexcept;

/// A record that goes to the dead letters.
struct rejection {
  row_index row = 0;
  core::stage stage = core::stage::decode;
  std::string reason; ///< one sentence, names the field where there is one
};

/// A record of labels that goes to the dead letters.
struct refused_label {
  raw_block_ptr block;
  rejection why;
};

/// A block whose records a step has taken to make others of them. Each of them is counted once: taken, filtered or
/// rejected.
struct taken_block {
  raw_block_ptr raw;
  std::vector<rejection> rejected;
  std::uint32_t filtered = 0;
  std::uint32_t taken = 0;
};

/// A columnar block of records of one partition. `rows` are the records that are still alive: a filter shortens it and
/// leaves the columns as they are. Immutable once it is sent; the next stage copies the header (cheap: pointers) and
/// adds. Every record of `raw` is, at all times, in exactly one of: `rows`, `filtered` (a count), `rejected`.
struct batch {
  std::uint64_t sequence = 0; ///< of the lane, from 0, without gaps
  raw_block_ptr raw;
  std::vector<row_index> rows;     ///< ascending
  std::vector<column_ptr> columns; ///< by column_id; null while not computed
  std::vector<rejection> rejected; ///< in any order
  std::uint32_t filtered = 0;
  std::shared_ptr<const change_positions> positions; ///< of change events; null: repeats are not to be told
  std::shared_ptr<const std::string> scored_by; ///< JSON members: columns of models, and their versions; may be null
  std::shared_ptr<const contest_counters> scored_with; ///< the models; null: they have not scored it
  std::vector<raw_block_ptr> labels;                   ///< that were read in front of it, from the topic of labels
  std::vector<refused_label> refused_labels;           ///< in any order
  std::optional<std::int64_t> tick_ms; ///< of a batch without records: a tick of the lane, and what the clock says
  bool is_last = false;                ///< of a tick: the source has come to its end, and nothing comes behind it
  std::vector<std::shared_ptr<const taken_block>> taken; ///< what was read, and then what was made of it; `raw` was
                                                         ///< made of the last one. Empty: `raw` was read
  std::vector<std::shared_ptr<const clock_rows>> clocks; ///< what steps say because time has gone on
  record_block_ptr alerts;                               ///< what the alert rules of the lane made of it; may be null
  std::uint64_t charge = 0;                              ///< credit that the reader took for it, in bytes
  std::int64_t now_ms = std::int64_t{1} << 53; ///< the wall clock, for windows; until it is set: later than any record

  /// The part of each record that goes through, in the sink's format: byte for byte where that is the source's too.
  /// Dense (one per record of `raw`; empty for a rejected record). JSON: the members of the object without the braces
  /// and outer white space, `"a":1,"b":2`. CSV: the row without its line end. Points into `raw` or into `body_arena`.
  std::vector<std::string_view> body;
  std::shared_ptr<const std::string> body_arena;

  const column& at(column_id id) const { return *columns[id]; }

  /// Records that were read, and those that steps have made.
  std::size_t records_read() const noexcept { return (taken.empty() ? raw : taken.front()->raw)->size(); }
  std::size_t records_made() const noexcept {
    std::size_t made = taken.empty() ? 0 : raw->size();
    for (std::size_t i = 1; i < taken.size(); ++i)
      made += taken[i]->raw->size();
    return made;
  }

  /// Calls `f(block, rejection)` for each record that was rejected, of the blocks that were taken too.
  template <class F>
  void for_each_rejection(F&& f) const {
    for (const auto& block : taken)
      for (const auto& one : block->rejected)
        f(*block->raw, one);
    for (const auto& one : rejected)
      f(*raw, one);
  }

  /// Bytes held, for the accounting of memory; an estimate.
  std::size_t footprint() const noexcept {
    std::size_t bytes = raw ? raw->footprint() : 0;
    for (const auto& c : columns)
      bytes += c ? c->footprint() : 0;
    return bytes + rows.capacity() * sizeof(row_index) + body.capacity() * sizeof(std::string_view)
           + (body_arena ? body_arena->capacity() : 0);
  }
};

using batch_ptr = std::shared_ptr<const batch>;

} // namespace weir::core
