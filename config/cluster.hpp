#pragma once

#include "config/diagnostic.hpp"
#include "config/environment.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <tl/expected.hpp>

namespace weir::config {

/// One process of a cluster.
struct cluster_node {
  std::string name;         ///< unique; the node's transactional id is made of it
  int stats_port = 0;       ///< on loopback; 0: any free one
  int listen_port = 0;      ///< for the other nodes, on loopback; 0: any free one
  int threads = 0;          ///< 0: one a core
  std::uint64_t memory = 0; ///< bytes; 0: what the pipeline says
  position at;
};

/// A cluster file: which pipeline, on which nodes. The nodes are members of the pipeline's one consumer group.
struct cluster {
  std::string file;
  std::string pipeline; ///< path, as seen from the cluster file's folder
  std::vector<cluster_node> nodes;
};

/// Reads a cluster file; all that is wrong is reported, by position.
tl::expected<cluster, std::vector<diagnostic>> parse_cluster(const std::filesystem::path& path,
                                                             const environment& variables = environment::of_process());

} // namespace weir::config
