#pragma once

#include "core/base/result.hpp"
#include "core/batch/batch.hpp"
#include "core/batch/record_block.hpp"
#include "core/keyed/operator_counts.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// What a lane does with its records in order, and with state: windows, detectors, alert rules. It sees every batch of
/// its partition, in order, and only those records that are still in `rows`. One object a lane; used by one actor at a
/// time; not thread-safe.
///
/// State changes are kept until collect_changes(): those are records for the changelog, so that restoring all of them
/// in order (the newest of a key wins, a null value erases) gives the state back bit by bit.
class ordered_operator {
public:
  virtual ~ordered_operator() = default;

  /// Adds its columns to `b`; may reject rows.
  virtual void process(batch& b) = 0;

  /// Whether it is to see ticks: batches without records, which say what time it is (batch::tick_ms). All others never
  /// see one. A tick that changes nothing must leave the state unmarked, so that a lane which nothing comes to commits
  /// nothing.
  virtual bool wants_ticks() const noexcept { return false; }

  /// The same for the last tick (batch::is_last), behind which nothing comes: it is no time.
  virtual bool wants_end() const noexcept { return false; }

  /// Whether it is to see the batch.
  bool wants(const batch& b) const noexcept { return !b.tick_ms || (b.is_last ? wants_end() : wants_ticks()); }

  /// The first byte of its keys in the changelog.
  virtual std::uint8_t tag() const noexcept = 0;

  /// Appends what changed since the last call. The first byte of each key is tag(), so that operators share one
  /// changelog.
  virtual void collect_changes(record_block& into) = 0;

  /// What the supervisor is to hear once all below `next` is committed, as bytes of a pane_update; empty: nothing.
  /// Called behind collect_changes(), at the same place in the stream.
  virtual std::string take_panes(partition_id, epoch, offset) { return {}; }

  /// What the supervisor is to hear of the windows of the whole stream once all below `next` is committed, as bytes of
  /// drift_updates, appended. Called behind collect_changes(), at the same place in the stream. It changes nothing that
  /// the changelog has: without records a barrier's changes are not kept.
  virtual void take_windows(partition_id, offset, std::vector<std::string>&) {}

  /// Whether a record of the changelog is its own, by the key. Operators with one tag tell theirs apart by what
  /// follows.
  virtual bool owns(std::string_view key) const noexcept {
    return !key.empty() && static_cast<std::uint8_t>(key.front()) == tag();
  }

  /// Which steps' state a record of the changelog is, and of which key where it is of one, for people. Safe to be
  /// called from any thread.
  /// @pre owns(key)
  virtual std::string describe(std::string_view) const { return "the state"; }

  /// Takes one record of the changelog (the tag is still in front). `value` is null for an erased key. What it reads is
  /// not trusted: an error names the steps, and a record of another version, of another layout, or that they cannot
  /// have written.
  /// @pre owns(key)
  virtual result<void> restore(std::string_view key, const std::string_view* value) = 0;

  /// Behind the last record that was restored; also when there was none. An error: what was restored is not whole.
  virtual result<void> finish_restore() { return {}; }

  /// Why it cannot go on, from some process() on; null while it can. What it made since is not to be used, and its lane
  /// must end: what it would do with the same records again is the same.
  virtual const error* failure() const noexcept { return nullptr; }

  /// What it holds now, and what it has let go since it was made.
  virtual operator_counts counts() const noexcept { return {}; }
};

/// describe() of the operator that owns a record of the changelog.
std::string describe_state(std::span<const std::shared_ptr<ordered_operator>> operators, std::string_view key);

/// Gives the operators of a lane the state that it was committed with: each record of `changes` to the operator that
/// owns it. A record whose tag no operator has is left alone: it is of a kind of step that the pipeline has no more.
result<void> restore_operators(std::span<const std::shared_ptr<ordered_operator>> operators,
                               const record_block& changes);

} // namespace weir::core
