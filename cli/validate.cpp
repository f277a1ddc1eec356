#include "actors/engine.hpp"
#include "cli/pipeline_file.hpp"
#include "cli/verbs.hpp"
#include "io/preparation.hpp"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace weir::cli {

namespace {

/// Where a pipeline is checked need not be where its data are.
bool is_source_away(const config::pipeline& pipeline, const core::error& problem) {
  const auto* file = pipeline.source.from->file();
  std::error_code ignored;
  return problem.is_unreachable && file != nullptr && !std::filesystem::exists(*file, ignored);
}

/// The inputs of models that the schema does not name.
std::string said_of_doubles(const config::pipeline& pipeline) {
  std::string names;
  for (const auto& field : pipeline.schema)
    if (field.assumed)
      names += (names.empty() ? "" : ", ") + field.name;
  return names.empty() ? "" : "; inputs of models that the schema does not name are doubles: " + names;
}

/// All that keeps `weir run` from starting, but what brokers and an earlier run have to say.
exit_code validate(const std::string& path) {
  const auto loaded = load_pipeline(path);
  if (!loaded)
    return exit_code::bad_configuration;
  const auto& pipeline = *loaded->pipeline;
  auto problems = io::check(pipeline);
  const auto state = actors::state_of_a_lane(pipeline, pipeline.source.from->least_partitions());
  if (const auto fits = core::check_state(loaded->plan->state_needs(), state); !fits)
    problems.push_back(fits.error());
  auto code = exit_code::done;
  for (const auto& problem : problems)
    if (is_source_away(pipeline, problem))
      say(tone::warning, "weir: warning: " + problem.text());
    else if (const auto one = report(problem); code != exit_code::bad_configuration)
      code = one;
  if (code != exit_code::done)
    return code;
  std::printf("%s: ok%s\n", path.c_str(), said_of_doubles(pipeline).c_str());
  for (const auto& note : loaded->plan->notes)
    std::printf("%s: %s\n", path.c_str(), note.c_str());
  return code;
}

void declare(arguments verb) {
  const auto file = std::make_shared<std::string>();
  verb.option("pipeline", file.get(),
              "Pipeline file; what it names is looked at too, but for topics; a source that is a file may be away")
      .required();
  verb.run([file] { return validate(*file); });
}

} // namespace

constexpr verb verbs::validate{"validate", "check a pipeline file and say all that is wrong with it",
                               "weir validate pipeline.yaml", declare};

} // namespace weir::cli
