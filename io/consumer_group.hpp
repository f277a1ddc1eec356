#pragma once

#include "core/base/result.hpp"
#include "core/commit/commit_protocol.hpp"
#include "core/commit/take_up.hpp"
#include "io/record_source.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace weir::io {

/// A partition of a topic.
struct topic_partition {
  std::string topic;
  core::partition_id partition{};
};

/// What a poll of the group brought.
struct group_event {
  enum class kind : std::uint8_t { none, assigned, revoked, lost, error } what = kind::none;
  std::vector<topic_partition> partitions;
  std::string text; ///< of an error
};

/// A member of the pipeline's consumer group. Records do not come through poll(): each partition has a source of its
/// own, which partition() hands out. One thread makes all calls; the partition sources must be idle while it assigns
/// and unassigns.
class consumer_group {
public:
  virtual ~consumer_group() = default;

  /// `wake_up` is called from other threads when poll() has something to do.
  virtual void on_event(std::function<void()> wake_up) = 0;

  /// Joins the group, or joins it again.
  virtual core::result<void> subscribe() = 0;

  /// Leaves the group until the next subscribe(), and waits for that within a bound. Its sources give nothing any more.
  virtual void unsubscribe() = 0;

  /// The next event of the group; does not wait. After `assigned`, call assign(); after `revoked` and `lost`,
  /// unassign(): the group waits for it.
  virtual group_event poll() = 0;

  /// The records of a partition. To be called before assign() and destroyed before unassign().
  virtual record_source_ptr partition(core::partition_id partition) = 0;

  /// Starts fetching: the source's partitions from these offsets.
  virtual core::result<void> assign(const std::vector<core::partition_offset>& from, bool with_control) = 0;
  virtual void unassign() = 0;

  /// The group's committed offsets, and where the logs begin and end. Waits for transactions that are still open.
  virtual core::result<std::vector<core::group_place>> places(const std::vector<core::partition_id>& partitions,
                                                              std::chrono::milliseconds timeout) = 0;

  /// Whether a broker answers within `timeout`.
  virtual bool is_answered(std::chrono::milliseconds timeout) = 0;

  /// Another member of the group that has this node's name and started before it, for people: host, process, start.
  /// Nothing: there is none, or the broker does not say. Waits for the answer within a bound.
  virtual std::optional<std::string> earlier_double() = 0;

  /// Leaves the group for good, waiting at most so long. No call but the destructor after it.
  virtual void close(std::chrono::milliseconds timeout) = 0;
};

} // namespace weir::io
