#pragma once

#include "core/base/result.hpp"
#include "core/stats/figures.hpp"
#include "io/http/endpoint_files.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::cli {

struct lane_row {
  std::int64_t partition = 0;
  bool active = false;
  bool stalled = false;
  core::lane_values figures; ///< those of figure_place::cluster
};

struct node_status {
  std::string node;
  std::string phase;
  std::string reason; ///< why it is not ready; empty: it is
  std::string url;    ///< of its stats
  std::int64_t age_ms = 0;
  std::vector<lane_row> lanes;
  std::string text; ///< all of it, JSON
};

/// A column of the whole stream, as of the last window that was judged.
struct drift_row {
  std::string column;
  bool drifts = false;
  double drift_percent = 0;
  double chance_percent = 0;
  double adjusted_p_value = 1;
};

/// A pipeline, as one of its nodes knows it, or as several do together.
struct pipeline_status {
  std::string pipeline;
  std::string node;            ///< whose answer it is
  std::int64_t term = -1;      ///< of the supervisor whose view the node has; a later supervisor has a higher one
  std::string supervisor;      ///< empty: that node knows of none
  std::int64_t partitions = 0; ///< of the source; 0: that node does not know yet
  std::chrono::steady_clock::time_point at{}; ///< when the answer came
  std::vector<std::pair<std::string, double>> aggregates;
  std::vector<drift_row> drift;   ///< empty: nothing was judged yet
  std::int64_t drift_records = 0; ///< of that window
  std::vector<node_status> nodes;
  std::vector<std::pair<std::string, std::string>> members; ///< of the answer, in order, as JSON

  /// Partitions that no node has: nobody knows what waits in them.
  std::vector<std::int64_t> on_no_node() const;

  /// As `/api/v1/cluster` says it, on one line.
  std::string json() const;
};

/// Reads what a node answers on `/api/v1/cluster`; nothing when it is something else.
std::optional<pipeline_status> read_status(std::string_view answer);

/// What several nodes of a pipeline know together: the view of the newest supervisor, and what each node says of
/// itself, which is newer than what others have heard, or have not heard yet. A supervisor that does not know that it
/// is one has been started anew, and is none.
/// @pre there is an answer
pipeline_status merge(std::vector<pipeline_status> answers);

/// Asks all these nodes at once, and merges what those of one pipeline answer; by name. An error: none answers.
core::result<std::vector<pipeline_status>> ask(const std::vector<io::endpoint_file>& nodes);

} // namespace weir::cli
