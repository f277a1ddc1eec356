#include "cli/reference/schema.hpp"
#include "cli/verbs.hpp"
#include "io/kinds.hpp"

#include <cstdio>

namespace weir::cli {

namespace {

void add_options(CLI::App& verb, exit_code& code) {
  verb.callback([&code] {
    std::printf("%s", json_schema(io::catalogue()).c_str());
    code = exit_code::done;
  });
}

} // namespace

constexpr verb verbs::schema{"schema", "print the JSON Schema of pipeline files, for editors",
                             "weir schema > pipeline.schema.json", add_options};

} // namespace weir::cli
