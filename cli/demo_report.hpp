#pragma once

#include "cli/demo_files.hpp"
#include "cli/demo_findings.hpp"
#include "cli/train.hpp"
#include "core/stats/node_snapshot.hpp"

#include <cstdint>
#include <string>

namespace weir::cli {

/// What came of each step of a demo.
struct demo_outcome {
  std::uint64_t learned_from = 0; ///< transactions of the history
  std::uint64_t streamed = 0;     ///< transactions sent into the pipeline
  double generate_seconds = 0;
  double features_seconds = 0;
  train_report training;
  core::node_totals totals;
  double stream_seconds = 0;
  demo_findings findings;
};

/// Tells on standard output what the outputs say, for somebody who has never seen it.
void print_findings(const demo_outcome& outcome);

/// Where everything is, and how to go on. @param topics null: from file to files
void print_files(const demo_files& files, const demo_topics* topics, const std::string& brokers);

} // namespace weir::cli
