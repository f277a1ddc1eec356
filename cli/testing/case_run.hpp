#pragma once

#include "cli/testing/test_file.hpp"
#include "config/lane_plan.hpp"
#include "config/pipeline.hpp"
#include "core/base/result.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace weir::cli {

/// A record that a pipeline refused.
struct test_dead_letter {
  std::uint64_t record = 0; ///< from 1, in the order of the input
  std::string stage;
  std::string reason;
};

/// What became of the records of a case.
struct case_outcome {
  std::vector<std::string> output; ///< JSON, in order, as the sink gets them
  std::vector<std::string> alerts; ///< JSON, in order
  std::vector<test_dead_letter> dead_letters;
  std::uint64_t filtered = 0;
  std::map<std::string, double> aggregates; ///< over the whole pipeline, at the end; without a value it is not there
};

/// Runs the records of a case through the pipeline as one lane does, from nothing, by a clock that stands at the time
/// of the newest record. No source, no sink and no broker is touched. An error: the lane could not go on.
core::result<case_outcome> run_case(const test_case& of, const config::pipeline& pipeline,
                                    const config::lane_plan& plan);

} // namespace weir::cli
