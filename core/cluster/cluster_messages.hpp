#pragma once

#include "core/alert/alert_rules.hpp"
#include "core/base/result.hpp"
#include "core/cluster/contest.hpp"
#include "core/cluster/goal.hpp"
#include "core/cluster/model_swap.hpp"
#include "core/cluster/stream_drift.hpp"
#include "core/stats/node_watch.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What the nodes of a pipeline and their supervisor say to each other. Each message is a frame of bytes: its kind, the
// version of this protocol, the content. Every message but a request or a wish holds all that its sender has to say on
// its subject, not a difference: one that is lost, or comes twice, does no harm.

namespace weir::core {

/// Version of these messages; nodes of another are refused.
inline constexpr std::uint8_t cluster_protocol = 5;

/// One lane, as its node tells.
struct lane_report {
  partition_id partition{};
  bool active = false; ///< it runs on that node now
  bool stalled = false;
  lane_values figures; ///< only those of figure_place::cluster travel

  bool operator==(const lane_report&) const = default;
};

/// One node, as it tells.
struct node_report {
  std::string node;
  std::uint64_t incarnation = 0; ///< of the process: a node that was restarted has another
  std::string url;               ///< of its stats; empty: it has none
  node_phase phase = node_phase::starting;
  std::string reason;             ///< why it is not ready; empty: it is
  std::uint64_t credit_bytes = 0; ///< that all its lanes together may have in flight
  std::uint64_t resident_bytes = 0;
  model_choice models;                  ///< that it gives its lanes
  model_answer answer;                  ///< to what the supervisor proposed
  std::vector<contest_report> contests; ///< between those models
  std::vector<lane_report> lanes;

  bool operator==(const node_report&) const = default;
};

/// A node's report about itself, as of now.
/// @param who node, incarnation, url, credit_bytes, models, answer and contests
node_report report_of(node_report who, const node_watch& watch, std::uint64_t resident_bytes);

/// The whole pipeline, as its supervisor sees it and wants it.
struct cluster_view {
  /// A node, and how long ago the supervisor heard of it.
  struct member {
    node_report report;
    std::int64_t age_ms = 0;
  };

  std::int64_t term = -1;                             ///< of the supervisor: a later one has a higher
  std::string supervisor;                             ///< the node it lives on
  goal wanted = goal::running;                        ///< of all nodes
  std::vector<std::pair<std::string, double>> values; ///< the cluster-wide aggregates that have one
  std::vector<firing_rule> firing;
  model_swap_view models;
  struct drift_progress drift_progress;          ///< of the windows of the whole stream
  drift_standing drift;                          ///< its last verdict
  std::vector<member> nodes;                     ///< by name
  std::map<partition_id, std::uint64_t> windows; ///< credit of each active lane, in bytes
};

enum class frame_kind : std::uint8_t { report = 1, panes = 2, request = 3, view = 4, wish = 5, drift = 6 };

std::string encode(const node_report& report);
std::string encode(const cluster_view& view);
std::string encode(goal requested);
std::string encode(const model_wish& wish);

/// A frame around a pane_update that is encoded already.
std::string frame_of_panes(std::string_view update);

/// A frame around a drift_update that is encoded already.
std::string frame_of_drift(std::string_view update);

/// What a frame holds; nothing for a frame of another protocol.
struct frame_view {
  frame_kind kind{};
  std::string_view content;
};
result<frame_view> open_frame(std::string_view bytes);

/// Of a frame's content. Anything that encode() cannot have written is an error.
result<node_report> decode_report(std::string_view content);
result<cluster_view> decode_view(std::string_view content);
result<goal> decode_request(std::string_view content);
result<model_wish> decode_wish(std::string_view content);

} // namespace weir::core
