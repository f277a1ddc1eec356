#pragma once

#include "core/cluster/drift_windows.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace weir::core {

/// What lanes have told of their windows, by partition. A node keeps one of its own lanes, to tell a new supervisor;
/// the supervisor one of all. It holds what each lane keeps: at most three totals of each column and partition.
class drift_merger {
public:
  explicit drift_merger(std::shared_ptr<const stream_drift_plan> plan) : plan_{std::move(plan)} {}

  /// What is older than what is known of its partition is ignored. @returns false: it speaks of other columns, and
  /// nothing is changed
  bool add(const drift_update& update);

  /// Everything that it knows, as updates: what another merger has to hear to know the same.
  std::vector<drift_update> updates() const;

  /// The latest window that any lane counts in; nothing: none has told.
  std::optional<std::uint64_t> latest_window() const;

  /// Records that lanes have counted in a window.
  std::uint64_t records_of(std::uint64_t window) const;

  /// Whether all that lanes count in a window is known: each has gone on to another, and told its totals.
  /// @param lanes that run; the others that have told are asked for too
  bool is_whole(std::uint64_t window, const std::set<partition_id>& lanes) const;

  /// Takes a window's totals of a column into a monitor of it. What cannot be merged with it, since its lane had not
  /// heard of the bins, is left out. @returns how many lanes' totals were taken in
  std::size_t merge_into(column_monitor& into, std::uint32_t column, std::uint64_t window) const;

  /// Bins that a lane counts a column in, as column_monitor::encode_bins(); nothing: no lane has told.
  std::optional<std::string> bins_of(std::uint32_t column) const;

private:
  struct total {
    offset next{};
    std::string bytes;
  };
  struct lane_windows {
    offset next{};
    std::uint64_t window = 0;
    std::vector<drift_update::size> sizes;
    std::map<std::pair<std::uint64_t, std::uint32_t>, total> totals; ///< by window and column
  };

  static std::uint64_t records_of(const lane_windows& of, std::uint64_t window);

  std::shared_ptr<const stream_drift_plan> plan_;
  std::map<partition_id, lane_windows> lanes_;
};

} // namespace weir::core
