#pragma once

#include "core/cluster/drift_windows.hpp"

#include <memory>
#include <mutex>

namespace weir::core {

/// How far the windows of the whole stream are, as a node has heard last. One a node, read by all its lanes.
/// Thread-safe.
class drift_board {
public:
  /// Null before the first.
  std::shared_ptr<const drift_progress> progress() const {
    const std::lock_guard lock{mutex_};
    return progress_;
  }

  /// One that is behind what is known is ignored, such as a new supervisor's that has not heard all.
  void show(const drift_progress& news) {
    const std::lock_guard lock{mutex_};
    if (!progress_ || news.window > progress_->window
        || (news.window == progress_->window && progress_->bins.empty() && !news.bins.empty()))
      progress_ = std::make_shared<const drift_progress>(news);
  }

private:
  mutable std::mutex mutex_;
  std::shared_ptr<const drift_progress> progress_;
};

} // namespace weir::core
