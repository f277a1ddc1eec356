#include "cli/pipeline_file.hpp"

#include "cli/problem_text.hpp"
#include "cli/say.hpp"

#include "config/parse.hpp"
#include "config/warnings.hpp"
#include "io/kinds.hpp"

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <unistd.h>

namespace weir::cli {

exit_code report(const std::vector<config::diagnostic>& problems) {
  if (shows_excerpts()) {
    const auto* terminal = std::getenv("TERM");
    const bool in_colour = isatty(STDERR_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr
                           && (terminal == nullptr || std::string_view{terminal} != "dumb");
    std::fputs(problem_text(problems, in_colour).c_str(), stderr);
  } else {
    for (const auto& problem : problems)
      say(problem.is_warning ? tone::warning : tone::error, problem.text());
  }
  return exit_code::bad_configuration;
}

std::optional<config::pipeline> read_pipeline(const std::string& path, const config::environment& variables) {
  auto pipeline = config::parse_pipeline(std::filesystem::path{path}, io::catalogue(), variables);
  report(pipeline ? config::warnings(*pipeline) : pipeline.error());
  return pipeline ? std::optional{std::move(*pipeline)} : std::nullopt;
}

std::optional<loaded_pipeline> load_pipeline(const std::string& path, const config::environment& variables) {
  auto pipeline = read_pipeline(path, variables);
  if (!pipeline)
    return std::nullopt;
  auto plan = config::compile(*pipeline);
  if (!plan) {
    report(plan.error());
    return std::nullopt;
  }
  return loaded_pipeline{std::make_shared<const config::pipeline>(std::move(*pipeline)),
                         std::make_shared<const config::lane_plan>(std::move(*plan))};
}

} // namespace weir::cli
