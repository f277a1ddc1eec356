#pragma once

#include "core/cluster/cluster_messages.hpp"
#include "core/stats/node_figures.hpp"
#include "core/stats/node_snapshot.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::core {

/// Labels of all that a node exports.
struct metric_source {
  std::string pipeline;
  std::string node;
  std::string version;
};

/// A node in Prometheus' text format 0.0.4: for each lane its ledger, offsets and latency, then the process. A lane's
/// series stand until the process ends, so there are as many as the topic has partitions at most.
/// @param supervised the pipeline's view, when its supervisor lives on this node: the cluster-wide aggregates are its
/// to export. Else null.
std::string metrics_text(const std::vector<lane_snapshot>& lanes, bool is_ready, std::size_t stalled,
                         const process_usage& process, const metric_source& source,
                         const cluster_view* supervised = nullptr);

/// `text` as a label's value: backslash, quote and line end escaped.
std::string label_value(std::string_view text);

} // namespace weir::core
