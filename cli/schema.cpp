#include "cli/reference/schema.hpp"
#include "cli/verbs.hpp"
#include "io/kinds.hpp"

#include <cstdio>

namespace weir::cli {

namespace {

void declare(arguments verb) {
  verb.run([] {
    std::printf("%s", json_schema(io::catalogue()).c_str());
    return exit_code::done;
  });
}

} // namespace

constexpr verb verbs::schema{"schema", "print the JSON Schema of pipeline files, for editors",
                             "weir schema > pipeline.schema.json", declare};

} // namespace weir::cli
