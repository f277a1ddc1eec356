#pragma once

#include "config/model_set.hpp"
#include "core/cluster/model_figures.hpp"

#include <mutex>
#include <utility>
#include <vector>

namespace weir::config {

/// What a node scores with now, for those who answer questions. Thread-safe.
class model_board {
public:
  /// @param models those of the pipeline file
  /// @param learning what models that learn on count
  explicit model_board(model_set_ptr models, std::vector<core::step_figures> learning = {}) :
      models_{std::move(models)}, learning_{std::move(learning)} {}

  /// What was counted: of each slot where something is, and of each model that learns on.
  std::vector<core::contest_report> report() const {
    auto all = models()->report();
    for (const auto& step : learning_) {
      auto& report = all.emplace_back();
      report.step = step.step;
      report.figures.champion = step.figures->sum();
    }
    return all;
  }

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
  std::vector<core::step_figures> learning_;
};

} // namespace weir::config
