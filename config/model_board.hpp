#pragma once

#include "config/model_set.hpp"

#include <mutex>
#include <utility>

namespace weir::config {

/// What a node scores with now, for those who answer questions. Thread-safe.
class model_board {
public:
  /// @param models those of the pipeline file
  explicit model_board(model_set_ptr models) : models_{std::move(models)} {}

  model_set_ptr models() const {
    const std::lock_guard lock{mutex_};
    return models_;
  }

  void show(model_set_ptr models) {
    const std::lock_guard lock{mutex_};
    models_ = std::move(models);
  }

private:
  mutable std::mutex mutex_;
  model_set_ptr models_;
};

} // namespace weir::config
