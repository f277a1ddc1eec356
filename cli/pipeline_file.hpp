#pragma once

#include "config/compile.hpp"
#include "config/pipeline.hpp"

#include <memory>
#include <optional>
#include <string>

namespace weir::cli {

struct loaded_pipeline {
  std::shared_ptr<const config::pipeline> pipeline;
  std::shared_ptr<const config::lane_plan> plan;
};

/// Parses and compiles a pipeline file; says all that is wrong with it on stderr.
std::optional<loaded_pipeline> load_pipeline(const std::string& path);

} // namespace weir::cli
