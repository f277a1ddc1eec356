#pragma once

#include "core/base/result.hpp"
#include "core/stats/figures.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace weir::cli {

struct lane_row {
  std::int64_t partition = 0;
  bool active = false;
  bool stalled = false;
  core::lane_values figures; ///< those of figure_place::cluster
};

struct node_status {
  std::string node;
  std::string phase;
  std::string reason; ///< why it is not ready; empty: it is
  std::string url;    ///< of its stats
  std::int64_t age_ms = 0;
  std::vector<lane_row> lanes;
};

/// A pipeline, as one of its nodes knows it.
struct pipeline_status {
  std::string url;  ///< of that node
  std::string text; ///< its answer, JSON
  std::string pipeline;
  std::string supervisor; ///< empty: that node knows of none
  std::vector<std::pair<std::string, double>> aggregates;
  std::vector<node_status> nodes;
};

/// What the node with this stats endpoint knows. @param url without a slash at its end
core::result<pipeline_status> status_of(const std::string& url);

} // namespace weir::cli
