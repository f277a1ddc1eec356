#include "cli/verbs.hpp"
#include "config/parse.hpp"
#include "io/kinds.hpp"

#include <cstdio>
#include <memory>
#include <string>

namespace weir::cli {

namespace {

/// Nothing is opened: models and topics may still be missing.
exit_code validate(const std::string& path) {
  const auto pipeline = config::parse_pipeline(std::filesystem::path{path}, io::catalogue());
  for (const auto& problem : pipeline ? std::vector<config::diagnostic>{} : pipeline.error())
    std::fprintf(stderr, "%s\n", problem.text().c_str());
  if (pipeline)
    std::printf("%s: ok\n", path.c_str());
  return pipeline ? exit_code::done : exit_code::bad_configuration;
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
