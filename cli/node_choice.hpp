#pragma once

#include "cli/command_line.hpp"
#include "core/base/result.hpp"
#include "io/http/stats_endpoint.hpp"

#include <string>
#include <vector>

namespace weir::cli {

/// Which running nodes a verb speaks to: the one at `url`, or those that left an endpoint file in `state_dir`.
struct node_choice {
  std::string url;
  std::string pipeline; ///< empty: all
  std::string state_dir = ".weir";
};

/// Adds --url, --pipeline and --state-dir.
void add_node_options(arguments& verb, node_choice& into);

/// At least one, or an error that says what to do.
core::result<std::vector<io::endpoint_file>> choose_nodes(const node_choice& choice);

} // namespace weir::cli
