#include "cli/pipeline_file.hpp"

#include "config/parse.hpp"
#include "io/kinds.hpp"

#include <cstdio>

namespace weir::cli {

namespace {

std::nullopt_t report(const std::vector<config::diagnostic>& problems) {
  for (const auto& problem : problems)
    std::fprintf(stderr, "%s\n", problem.text().c_str());
  return std::nullopt;
}

} // namespace

std::optional<loaded_pipeline> load_pipeline(const std::string& path) {
  auto pipeline = config::parse_pipeline(std::filesystem::path{path}, io::catalogue());
  if (!pipeline)
    return report(pipeline.error());
  auto plan = config::compile(*pipeline);
  if (!plan)
    return report(plan.error());
  return loaded_pipeline{std::make_shared<const config::pipeline>(std::move(*pipeline)),
                         std::make_shared<const config::lane_plan>(std::move(*plan))};
}

} // namespace weir::cli
