#pragma once

#include "config/pipeline.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// A box of the graph. Its texts are UTF-8 without line breaks, and hold no secret: what `weir echo` masks is masked.
struct graph_box {
  std::string title;              ///< a kind, or the name of an alert rule
  std::string section;            ///< of the pipeline file
  std::string says;               ///< its fields, but for the columns that it makes and what is as by default
  std::vector<std::string> reads; ///< columns, each once; those that a model alone knows are not among them
  std::vector<std::string> makes;
};

/// A pipeline as boxes: records go from the source through the steps, in their order, to the sinks. What a step refuses
/// goes to the dead letters; the alert rules look at what is left behind the last step.
struct pipeline_graph {
  std::string name;
  graph_box source;
  std::vector<graph_box> steps;
  std::vector<graph_box> sinks;
  std::vector<graph_box> dead_letters; ///< one at most
  std::vector<graph_box> alerts;
  std::vector<graph_box> alert_sinks; ///< empty where there are no alerts
};

/// Nothing is opened.
pipeline_graph graph_of(const config::pipeline& of);

/// `a, b, c`
std::string joined(const std::vector<std::string>& names);

} // namespace weir::cli
