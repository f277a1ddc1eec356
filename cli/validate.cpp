#include "cli/pipeline_file.hpp"
#include "cli/verbs.hpp"

#include <cstdio>
#include <memory>
#include <string>

namespace weir::cli {

namespace {

/// Nothing is opened but a source that is a file and is there: it, models and topics may still be missing.
exit_code validate(const std::string& path) {
  const auto pipeline = read_pipeline(path);
  if (!pipeline)
    return exit_code::bad_configuration;
  if (const auto fits = pipeline->source.from->check_fields(*pipeline); !fits)
    return report(fits.error(), exit_code::bad_configuration);
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
