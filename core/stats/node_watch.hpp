#pragma once

#include "core/cluster/goal.hpp"
#include "core/stats/node_snapshot.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace weir::core {

enum class node_phase : std::uint8_t { starting, running, paused, draining, drained, stopping };

const char* to_string(node_phase phase) noexcept;

/// Whether a node does its work, and if not, why.
struct readiness {
  bool ready = false;
  std::string reason; ///< empty when ready
};

/// Watches the lanes of one node: ready means moving. A lane is stalled when it has had work (records that wait, or
/// that are in flight) for `stall_timeout` and none of it was committed. A node that waits for its broker or its
/// partitions is not ready; one whose group gave it no partition is, and so is one that was paused; one that was
/// drained is not. Thread-safe. look() must be called now and then, more often than the time-out: what happens between
/// two calls is not seen.
class node_watch {
public:
  using time = std::chrono::steady_clock::time_point;

  node_watch(std::shared_ptr<const lane_registry> lanes, std::chrono::milliseconds stall_timeout) :
      lanes_{std::move(lanes)}, stall_timeout_{stall_timeout} {}

  /// What the node waits for before it can start; a sentence.
  void wait_for(std::string reason);
  void begin();

  /// What the node is to do, and whether it has come to that. It shows once the node has begun, a stop at once.
  void show(goal wanted, bool reached);

  /// The broker does not answer; an empty text: it does again.
  void broker_away(std::string reason);

  /// Outputs cannot be written (a disk is full), and the node tries again; an empty text: they can.
  void outputs_stuck(std::string reason);

  /// A lane cannot go on, and the node ends; a sentence.
  void fail(std::string reason);

  void look(time now);

  node_phase phase() const;
  readiness ready() const;
  std::vector<partition_id> stalled() const;
  std::vector<lane_snapshot> lanes() const { return snapshot_of(*lanes_); }
  int source_partitions() const noexcept { return lanes_->source_partitions(); }

private:
  struct progress {
    std::uint64_t settled = 0;
    time since{}; ///< the lane has been idle, or moved, at this time the last time
    bool is_stalled = false;
  };

  node_phase shown_phase() const;
  std::vector<partition_id> stalled_lanes() const;

  std::shared_ptr<const lane_registry> lanes_;
  std::chrono::milliseconds stall_timeout_;
  mutable std::mutex mutex_;
  bool has_begun_ = false;
  node_phase phase_ = node_phase::running; ///< once it has begun
  std::string waits_for_ = "the node is starting";
  std::string away_;
  std::string stuck_;
  std::string failure_;
  std::map<partition_id, progress> progress_;
};

} // namespace weir::core
