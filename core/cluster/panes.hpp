#pragma once

#include "core/batch/layout.hpp"
#include "core/keyed/ordered_operator.hpp"
#include "core/keyed/pane_grid.hpp"
#include "core/keyed/rolling.hpp"
#include "core/keyed/state_share.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Rolling statistics over the whole cluster. Each lane folds its values into panes of event time (pane_collector);
// after a commit, the panes that changed go to the supervisor (pane_update), which merges those of all lanes
// (pane_merger).
//
// An update holds a pane's total over its partition, not the difference, and says up to which offset it counts. So it
// may be sent twice, overtaken or lost: a newer one replaces it, and a supervisor that has just been elected needs no
// more than everything that each lane has now.

namespace weir::core {

/// One cluster-wide statistic. The same list, in the same order, must be known to all nodes.
struct pane_aggregate {
  std::string name;
  const statistic* what = nullptr;
  column_id of = 0;              ///< a number
  std::optional<column_id> time; ///< a timestamp; absent: the record's own time
  time_window window;
};

/// What one partition has to say about its panes.
struct pane_update {
  struct entry {
    std::uint32_t aggregate = 0; ///< index in the list
    std::int64_t pane = 0;
    moments total;
  };

  partition_id partition{};
  epoch at{};    ///< of the node that sent it, whose commit made it count; another node counts from 1 again
  offset next{}; ///< the totals count all records of the partition below this one, so it orders the updates
  std::vector<std::int64_t> newest; ///< for each aggregate the newest event time; INT64_MIN before the first record
  std::vector<entry> entries;
};

/// The update as bytes, little-endian, to travel between nodes.
std::string encode(const pane_update& update);

/// Fails on anything that encode() cannot have written.
result<pane_update> decode_pane_update(std::string_view bytes);

/// The lane's side. A value that is missing or has no time does not enter, nor does a record in front of the window
/// that ends at the partition's newest time; beyond the allowed lateness, that counts as late. One whose time is too
/// far in the future does not enter either. Adds no column.
/// Changelog: [tag][aggregate][pane] -> [format][fingerprint][moments]; without a pane: the newest time and the late
/// count.
class pane_collector final : public ordered_operator {
public:
  /// What a pane counts.
  static constexpr std::size_t bytes_per_pane = 128;

  /// What the panes of an aggregate take in a lane: never more than those of one window, and never less is set aside.
  static state_need needs(const pane_aggregate& of);

  /// @param aggregates 255 at most; `columns` is read here and not later
  pane_collector(std::vector<pane_aggregate> aggregates, const layout& columns, std::uint8_t tag);

  std::uint8_t tag() const noexcept override { return tag_; }
  void process(batch& b) override;
  void collect_changes(record_block& into) override;
  result<void> restore(std::string_view key, const std::string_view* value) override;
  operator_counts counts() const noexcept override;

  /// take_changed(), encoded; nothing when nothing changed.
  std::string take_panes(partition_id partition, epoch at, offset next) override;

  /// The panes that changed since the last take. To be called at a barrier, with its epoch and the offset after it; to
  /// be sent when that epoch is committed.
  pane_update take_changed(partition_id partition, epoch at, offset next);

  /// All panes: for a lane that has just been restored, and for a supervisor that has just been elected.
  pane_update take_all(partition_id partition, epoch at, offset next);

  std::uint64_t late() const noexcept;

  /// Of the panes.
  std::uint64_t bytes() const noexcept;

private:
  struct pane_state {
    moments total;
    bool in_changelog = false; ///< as it is now
    bool sent = false;         ///< as it is now
  };
  struct series {
    pane_aggregate what;
    pane_grid grid;
    std::uint32_t fingerprint;
    std::int64_t newest = INT64_MIN;
    std::uint64_t late = 0;
    std::uint64_t ahead = 0; ///< since the lane began
    bool changed = false;    ///< since the changelog
    std::map<std::int64_t, pane_state> panes;
    std::vector<std::int64_t> gone; ///< panes that the changelog still has
  };

  void fold(series& s, std::size_t rows, std::int64_t now);
  void forget_old(series& s);
  std::string key_of(std::size_t index) const;
  pane_update take(partition_id partition, epoch at, offset next, bool all);

  std::vector<series> series_;
  std::uint8_t tag_;
  std::vector<double> values_;
  std::vector<std::int64_t> times_;
};

/// The supervisor's side. It remembers no more than the panes of the current windows, for each partition.
class pane_merger {
public:
  explicit pane_merger(std::vector<pane_aggregate> aggregates);

  /// @returns false, and changes nothing, when the update is older than what is known of its partition, or speaks of
  /// other aggregates. One for the same offset replaces totals by the same totals.
  bool add(const pane_update& update);

  struct value {
    moments window;          ///< merged from all partitions
    std::int64_t newest = 0; ///< event time at which the window ends: the newest of any partition
  };

  /// The window of an aggregate, nothing before its first record.
  std::optional<value> at(std::size_t aggregate) const;

  /// Everything that it knows, as updates: what another merger has to hear to know the same.
  std::vector<pane_update> updates() const;

  /// Its statistic.
  std::optional<double> statistic_of(std::size_t aggregate) const;

  const std::vector<pane_aggregate>& aggregates() const noexcept { return aggregates_; }

private:
  struct partition_panes {
    offset next{};
    std::vector<std::map<std::int64_t, moments>> panes; ///< by aggregate
  };

  std::vector<pane_aggregate> aggregates_;
  std::vector<pane_grid> grids_;
  std::vector<std::int64_t> newest_;
  std::map<partition_id, partition_panes> parts_;
};

} // namespace weir::core
