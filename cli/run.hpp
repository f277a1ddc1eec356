#pragma once

#include "cli/exit_code.hpp"

#include <cstdint>
#include <string>

namespace weir::cli {

/// One node of a pipeline.
struct run_options {
  std::string file;
  std::string node = "n1";
  int threads = 0;
  std::uint64_t memory = 0; ///< bytes; 0: what the pipeline says
  int stats_port = -1;      ///< < 0: what the pipeline says
  int listen_port = 0;      ///< for other nodes; 0: any free one
  bool verbose = false;     ///< logs what helps to find an error, whole dead letters among it
};

/// Runs a node until its source ends or a signal comes.
exit_code run(const run_options& options);

} // namespace weir::cli
