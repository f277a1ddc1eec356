#include "cli/pipeline_file.hpp"
#include "cli/verbs.hpp"
#include "config/show.hpp"
#include "config/yaml_text.hpp"

#include <cstdio>
#include <memory>
#include <string>

namespace weir::cli {

namespace {

exit_code echo(const std::string& path) {
  const auto pipeline = read_pipeline(path);
  if (!pipeline)
    return exit_code::bad_configuration;
  std::printf("%s", config::yaml_text(config::show(*pipeline)).c_str());
  return exit_code::done;
}

void declare(arguments verb) {
  const auto file = std::make_shared<std::string>();
  verb.option("pipeline", file.get(), "Pipeline file").required();
  verb.run([file] { return echo(*file); });
}

} // namespace

constexpr verb verbs::echo{"echo", "print a pipeline file with every default, and secrets masked",
                           "weir echo pipeline.yaml", declare};

} // namespace weir::cli
