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

void add_options(CLI::App& verb, exit_code& code) {
  auto file = std::make_shared<std::string>();
  verb.add_option("pipeline", *file, "Pipeline file")->required();
  verb.callback([file, &code] { code = validate(*file); });
}

} // namespace

constexpr verb verbs::validate{"validate", "check a pipeline file and say all that is wrong with it",
                               "weir validate pipeline.yaml", add_options};

} // namespace weir::cli
