#include "cli/output.hpp"
#include "cli/pipeline_file.hpp"
#include "cli/testing/test_report.hpp"
#include "cli/verbs.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace weir::cli {

namespace {

namespace fs = std::filesystem;

struct test_options {
  std::vector<std::string> paths;
  std::string junit;
  bool records = false;
};

constexpr std::string_view extension = ".test.yaml";

/// The files that are named, and all `*.test.yaml` in folders, by their names.
core::result<std::vector<std::string>> files_of(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const auto& path : paths) {
    std::error_code failed;
    if (!fs::is_directory(path, failed)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator{path, failed})
      if (entry.path().string().ends_with(extension))
        found.push_back(entry.path().string());
    if (failed)
      return core::fail("cannot read '" + path + "': " + failed.message());
    std::sort(found.begin(), found.end());
    files.insert(files.end(), found.begin(), found.end());
  }
  if (files.empty())
    return core::fail("there is no test file", {}, "their names end in " + std::string{extension});
  return files;
}

config::environment environment_of(const test_file& file) {
  auto from = config::environment::of_process();
  auto process = from.variable;
  from.variable = [process, own = file.environment](const std::string& name) -> std::optional<std::string> {
    const auto found = own.find(name);
    return found == own.end() ? process(name) : std::optional{found->second};
  };
  return from;
}

core::result<void> record(const test_file& file, std::span<const case_outcome> outcomes) {
  auto out = output::open(file.path);
  if (!out)
    return tl::unexpected{out.error()};
  out->write(recorded(file, outcomes));
  return out->finish();
}

/// @param outcomes out: one a case
file_result run(const test_file& file, const loaded_pipeline& loaded, bool records,
                std::vector<case_outcome>& outcomes) {
  file_result result{file.path, {}};
  for (const auto& one : file.cases) {
    const auto begin = std::chrono::steady_clock::now();
    auto outcome = run_case(one, *loaded.pipeline, *loaded.plan);
    auto& said = result.cases.emplace_back();
    said.name = one.name;
    said.took = std::chrono::steady_clock::now() - begin;
    if (!outcome)
      said.error = outcome.error().text();
    else if (one.expects)
      said.differences = differences(one, *outcome);
    else if (!records)
      said.differences.push_back({one.at, "it expects nothing: write 'expect', or let --record write it"});
    outcomes.push_back(outcome ? std::move(*outcome) : case_outcome{});
  }
  return result;
}

exit_code test(const test_options& options) {
  const auto files = files_of(options.paths);
  if (!files)
    return report(files.error());
  std::vector<file_result> results;
  std::size_t cases = 0;
  std::size_t failed = 0;
  auto ended = exit_code::done;
  for (const auto& path : *files) {
    const auto file = read_test_file(path);
    if (!file) {
      ended = report(file.error());
      continue;
    }
    const auto loaded = load_pipeline(file->pipeline, environment_of(*file));
    if (!loaded) {
      ended = exit_code::bad_configuration;
      continue;
    }
    std::vector<case_outcome> outcomes;
    const auto& result = results.emplace_back(run(*file, *loaded, options.records, outcomes));
    print(result);
    cases += result.cases.size();
    for (const auto& one : result.cases)
      failed += !one.is_passed();
    const bool is_to_record =
        options.records
        && std::any_of(file->cases.begin(), file->cases.end(), [](const test_case& one) { return !one.expects; });
    if (is_to_record)
      if (auto written = record(*file, outcomes); !written)
        return report(written.error());
  }
  std::printf("%zu of %zu cases passed\n", cases - failed, cases);
  if (!options.junit.empty()) {
    auto out = output::open(options.junit);
    if (!out)
      return report(out.error());
    out->write(junit_report(results));
    if (auto written = out->finish(); !written)
      return report(written.error());
  }
  return ended != exit_code::done ? ended : failed > 0 ? exit_code::failed : exit_code::done;
}

void declare(arguments verb) {
  const auto options = std::make_shared<test_options>();
  verb.option("FILE", &options->paths, "Test files, and folders whose *.test.yaml are run").required();
  verb.option("--junit", &options->junit, "File for a report in JUnit's XML");
  verb.flag("--record", options->records,
            "Cases that expect nothing get what came out as what they expect: read it before you keep it");
  verb.run([options] { return test(*options); });
}

} // namespace

constexpr verb verbs::test{"test", "run a pipeline on records, and compare what comes out with what is expected",
                           "weir test pipeline.test.yaml", declare};

} // namespace weir::cli
