#include "cli/pipeline_file.hpp"
#include "cli/verbs.hpp"

#include <cstdio>
#include <memory>
#include <string>

namespace weir::cli {

namespace {

/// Nothing is opened: models and topics may still be missing.
exit_code validate(const std::string& path) {
  if (!read_pipeline(path))
    return exit_code::bad_configuration;
  std::printf("%s: ok\n", path.c_str());
  return exit_code::done;
}

void declare(arguments verb) {
  const auto file = std::make_shared<std::string>();
  verb.option("pipeline", file.get(), "Pipeline file").required();
  verb.run([file] { return validate(*file); });
}

} // namespace

constexpr verb verbs::validate{"validate", "check a pipeline file and say all that is wrong with it",
                               "weir validate pipeline.yaml", declare};

} // namespace weir::cli
