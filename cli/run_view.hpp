#pragma once

#include "config/pipeline.hpp"
#include "core/lane_registry.hpp"

#include <chrono>
#include <cstdint>

namespace weir::cli {

/// Totals over all lanes of a node.
struct run_totals {
  core::ledger_snapshot books;
  std::uint64_t alerts = 0;
  std::int64_t lag = 0;
  std::size_t lanes = 0;  ///< that run now
};

run_totals totals_of(const core::lane_registry& registry);

/// What `weir run` shows: a live line a second on a terminal, a summary at the end.
class run_view {
public:
  run_view(const config::pipeline& pipeline, const core::lane_registry& registry);

  /// To be called often; it looks at the clock itself.
  void update();
  void finish();

private:
  using clock = std::chrono::steady_clock;

  const config::pipeline& pipeline_;
  const core::lane_registry& registry_;
  bool terminal_;
  bool has_line_ = false;
  clock::time_point start_ = clock::now();
  clock::time_point last_ = start_;
  std::uint64_t last_received_ = 0;
};

} // namespace weir::cli
