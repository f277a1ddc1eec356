#include "cli/verbs.hpp"

#include <spdlog/cfg/env.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cctype>
#include <string>

#include <malloc.h>

namespace {

/// Batches are large and live for milliseconds: the allocator keeps their memory instead of asking the system for the
/// same pages, zeroed, again and again.
void keep_freed_memory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 64 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
}

/// A help text as the command line shows it.
std::string sentence(std::string_view help) {
  std::string text{help};
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text;
}

} // namespace

int main(int argc, char** argv) {
  using namespace weir::cli;
  keep_freed_memory();
  // What a verb prints is its result; what it logs must not get into it.
  spdlog::set_default_logger(spdlog::stderr_color_mt("weir"));
  spdlog::cfg::load_env_levels(); // SPDLOG_LEVEL=debug

  auto code = exit_code::done;
  CLI::App app{"Weir reads streams, cleans and scores their records, and watches them for anomalies"};
  app.set_version_flag("--version", "weir " WEIR_VERSION);
  app.require_subcommand(1);
  for (const auto* verb : all_verbs())
    verb->add_options(*app.add_subcommand(std::string{verb->name}, sentence(verb->help)), code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : static_cast<int>(exit_code::usage);
  }
  return static_cast<int>(code);
}
