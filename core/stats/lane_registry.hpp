#pragma once

#include "core/base/types.hpp"
#include "core/stats/lane_stats.hpp"
#include "core/stats/ledger.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace weir::core {

/// The ledger and counters of one lane; they outlive its actors, so that a rebuilt lane goes on counting.
struct lane_account {
  partition_id partition{};
  std::shared_ptr<core::ledger> ledger = std::make_shared<core::ledger>();
  std::shared_ptr<lane_stats> stats = std::make_shared<lane_stats>();
  bool active = false; ///< the lane runs on this node now
};

/// All lanes that a node has, or had. Thread-safe; nobody on the record path comes here.
class lane_registry {
public:
  /// The account of a lane that starts. What was in flight when it last ended is no longer received: it will be read
  /// again.
  lane_account start(partition_id partition) {
    const std::lock_guard lock{mutex_};
    auto& account = lanes_[partition];
    account.partition = partition;
    account.active = true;
    auto settled = account.ledger->snapshot();
    settled.received -= settled.in_flight;
    settled.in_flight = 0;
    account.ledger->restore(settled);
    account.stats->forget_position();
    return account;
  }

  void stop(partition_id partition) {
    const std::lock_guard lock{mutex_};
    auto& account = lanes_[partition];
    account.active = false;
    lane_stats::set(account.stats->keys, 0);
    lane_stats::set(account.stats->state_bytes, 0);
  }

  /// Whether it is known which lanes this node has: a group may have given it none.
  void know_lanes(bool known) noexcept { knows_lanes_ = known; }
  bool knows_lanes() const noexcept { return knows_lanes_; }

  /// How many partitions the source has, on all nodes together; 0: nobody has said it.
  void know_source(int partitions) noexcept { source_partitions_ = partitions; }
  int source_partitions() const noexcept { return source_partitions_; }

  std::vector<lane_account> lanes() const {
    const std::lock_guard lock{mutex_};
    std::vector<lane_account> out;
    for (const auto& [partition, account] : lanes_)
      out.push_back(account);
    return out;
  }

private:
  mutable std::mutex mutex_;
  std::map<partition_id, lane_account> lanes_;
  std::atomic<bool> knows_lanes_{false};
  std::atomic<int> source_partitions_{0};
};

} // namespace weir::core
