#pragma once

#include "cli/graph/pipeline_graph.hpp"

#include <string>

namespace weir::cli {

/// For a terminal: a line of boxes from top to bottom, at most 100 columns wide.
std::string graph_text(const pipeline_graph& of);

/// A `flowchart LR` for mermaid.js. Labels are quoted, and what means something to it is escaped.
std::string graph_mermaid(const pipeline_graph& of);

/// A picture that needs nothing beside it, for light and dark pages alike; without scripts.
std::string graph_svg(const pipeline_graph& of);

} // namespace weir::cli
