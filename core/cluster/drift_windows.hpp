#pragma once

#include "core/base/result.hpp"
#include "core/base/types.hpp"
#include "core/batch/layout.hpp"
#include "core/drift/column_monitor.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Drift of the whole stream. All lanes count in the window whose number the supervisor has told last
// (drift_progress). Each tells how many records it has counted, and of a window that is over the totals of its columns
// (drift_update, made by a drift_collector). The supervisor begins the next window when lanes have counted enough
// together, merges the totals of the one before when it has those of all lanes (drift_merger), and judges it
// (stream_drift).
//
// So a window has the records that lanes have read meanwhile, from fast lanes many, from one that stands still none. An
// update holds totals, and says up to which offset they count: it may be sent twice, overtaken or lost.

namespace weir::core {

/// A column that is watched over all lanes.
struct stream_column {
  std::string name;
  column_id of = 0;
  bool is_text = false;
  std::vector<drift_method> methods;
  monitor_options how;
  std::optional<column_monitor> given; ///< a monitor with the baseline that somebody else has; absent: the stream's own
  std::string drifts_as;               ///< names of the values for alerts; empty: none
  std::string percent_as;
  std::string p_value_as;
};

/// The columns of a pipeline that are watched over all lanes. The same, in the same order, must be known to all nodes.
struct stream_drift_plan {
  std::vector<stream_column> columns; ///< 128 at most
  std::uint64_t window = 1000;        ///< records of the stream, of all lanes together
  std::uint64_t baseline_size = 1000; ///< likewise
  double alpha = default_alpha;       ///< how many of the drifts that are told may be false ones

  bool has_sliding_baseline() const noexcept;
};

/// The numbers of the first windows. Bins are chosen by the values of the first; in the second lanes wait for them.
/// Where all columns have a given baseline, windows begin with first_judged.
inline constexpr std::uint64_t choosing_window = 0;
inline constexpr std::uint64_t waiting_window = 1;
inline constexpr std::uint64_t baseline_window = 2;
inline constexpr std::uint64_t first_judged_window = 3;
std::uint64_t first_window_of(const stream_drift_plan& plan) noexcept;

/// Whether the totals of a window are still of use when lanes count in another.
bool is_kept(std::uint64_t window, std::uint64_t at_hand, bool is_sliding) noexcept;

/// The monitor that counts a column's first window, or the later ones by given bins.
column_monitor first_monitor_of(const stream_column& column);

/// What the supervisor tells lanes.
struct drift_progress {
  std::uint64_t window = 0;      ///< that they are to count in; it only grows
  std::vector<std::string> bins; ///< of each column, as column_monitor::encode_bins(); empty: not chosen yet

  bool operator==(const drift_progress&) const = default;
};

/// What one partition has to say about its windows.
struct drift_update {
  struct size {
    std::uint64_t window = 0;
    std::uint64_t records = 0;

    bool operator==(const size&) const = default;
  };
  struct entry {
    std::uint32_t column = 0; ///< index in the plan
    std::uint64_t window = 0; ///< that is over for this lane
    std::string total;        ///< an encoded column_monitor

    bool operator==(const entry&) const = default;
  };

  partition_id partition{};
  offset next{};            ///< all records of the partition below it are counted: it orders the updates
  std::uint64_t window = 0; ///< what comes next counts in this one, or a later one
  std::vector<size> sizes;  ///< of the windows that the lane holds, that at hand too
  std::vector<entry> entries;
};

/// The update as bytes, to travel between nodes.
std::string encode(const drift_update& update);

/// Fails on anything that encode() cannot have written; what an entry's total says is not looked at.
result<drift_update> decode_drift_update(std::string_view bytes);

/// Entries beyond it travel in an update of their own.
inline constexpr std::size_t most_bytes_of_an_update = 256 * 1024;

/// An update in as many as it takes, each with few enough bytes.
std::vector<std::string> encode_in_parts(const drift_update& update);

} // namespace weir::core
