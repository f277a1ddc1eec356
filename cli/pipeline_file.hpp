#pragma once

#include "cli/exit_code.hpp"
#include "config/compile.hpp"
#include "config/environment.hpp"
#include "config/pipeline.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::cli {

/// Says all that is wrong with a file, on stderr.
exit_code report(const std::vector<config::diagnostic>& problems);

/// Reads and checks a pipeline file, and opens nothing; says all that is wrong or doubtful on stderr.
std::optional<config::pipeline> read_pipeline(const std::string& path,
                                              const config::environment& variables = config::environment::of_process());

struct loaded_pipeline {
  std::shared_ptr<const config::pipeline> pipeline;
  std::shared_ptr<const config::lane_plan> plan;
};

/// The same, and opens its models.
/// @param variables where `${...}` gets its values from
std::optional<loaded_pipeline> load_pipeline(const std::string& path,
                                             const config::environment& variables = config::environment::of_process());

} // namespace weir::cli
