#pragma once

#include "config/pipeline.hpp"
#include "core/stats/figures.hpp"
#include "core/stats/node_watch.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace weir::cli {

/// What `weir run` shows on stderr: a live line a second on a terminal, a plain one every ten seconds elsewhere (when
/// something has changed), and a summary at the end.
class run_view {
public:
  run_view(const config::pipeline& pipeline, const core::node_watch& watch);

  /// To be called often; it looks at the clock itself.
  void update();
  void finish();

private:
  using clock = std::chrono::steady_clock;

  const config::pipeline& pipeline_;
  const core::node_watch& watch_;
  bool terminal_;
  bool has_line_ = false;
  clock::time_point start_ = clock::now();
  clock::time_point last_ = start_;
  core::ledger_snapshot last_ledger_;
};

/// `12,345,678`.
std::string grouped(std::uint64_t count);

/// A figure of a lane; `?` where nobody knows it.
std::string grouped(const core::lane_figure& of, std::int64_t value);

/// `decode malformed`, with how many there are of each; empty when there are none.
std::vector<std::pair<std::string, std::uint64_t>> named_dead_letters(const core::lane_values& of);

/// One line about a node, without a line end: `transactions  812,440 records/s  received ...`.
std::string live_line(const std::string& name, const core::node_totals& totals, double rate);

/// What a run has done, a line a subject.
std::string summary(const std::string& name, const std::vector<core::lane_snapshot>& lanes,
                    std::chrono::duration<double> elapsed);

} // namespace weir::cli
