#pragma once

#include "core/cluster/cluster_messages.hpp"

#include <memory>
#include <mutex>

namespace weir::core {

/// The newest view of the pipeline that this node has heard, for those who answer questions. Thread-safe.
class cluster_board {
public:
  /// Null before the first.
  std::shared_ptr<const cluster_view> view() const {
    const std::lock_guard lock{mutex_};
    return view_;
  }

  void show(std::shared_ptr<const cluster_view> view) {
    const std::lock_guard lock{mutex_};
    view_ = std::move(view);
  }

private:
  mutable std::mutex mutex_;
  std::shared_ptr<const cluster_view> view_;
};

} // namespace weir::core
