#include "cli/log_options.hpp"
#include "cli/verbs.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
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

/// What was printed may not have left the process yet.
int written(int code) {
  if (code != 0 || (std::fflush(stdout) == 0 && std::ferror(stdout) == 0))
    return code;
  const auto why = std::string{"cannot write all of standard output: "} + std::strerror(errno);
  return static_cast<int>(weir::cli::report({why, {}, {}, true}));
}

} // namespace

int main(int argc, char** argv) {
  using namespace weir::cli;
  keep_freed_memory();
  begin_logging();

  command_line line{"Weir reads streams, cleans and scores their records, and watches them for anomalies",
                    "weir " WEIR_VERSION};
  declare_log_options(line.all());
  for (const auto* verb : all_verbs())
    verb->declare(line.all().verb(verb->name, verb->help));
  return written(line.parse(argc, argv).value_or(static_cast<int>(exit_code::usage)));
}
