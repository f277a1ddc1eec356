#include "cli/reference/schema.hpp"
#include "cli/schema_reader.hpp"
#include "cli/stop_signal.hpp"
#include "cli/verbs.hpp"
#include "core/format/format.hpp"
#include "io/json_document.hpp"
#include "io/kinds.hpp"

#include <cstdio>
#include <memory>
#include <string>

namespace weir::cli {

namespace {

std::string json_of(const schema_guess& guess) {
  io::json_document out;
  out.begin_object();
  out.member("records", guess.records());
  out.member("unreadable", guess.unreadable());
  out.key("schema").begin_object();
  for (const auto& field : guess.fields()) {
    out.key(field.name).begin_object();
    out.member("type", to_string(field.type));
    out.member("key", field.is_key);
    out.member("required", field.is_required);
    if (!field.doubt.empty())
      out.member("guessed", field.doubt);
    out.end_object();
  }
  out.end_object();
  out.member("nested", guess.nested());
  out.end_object();
  return out.pretty_text();
}

exit_code infer(const schema_options& options, const std::string& format) {
  catch_stop_signals();
  const auto guess = guess_schema(options);
  if (!guess)
    return report(guess.error());
  if (guess->schema.unreadable() > 0)
    say(tone::warning, "weir: warning: " + std::to_string(guess->schema.unreadable()) + " of "
                           + std::to_string(guess->schema.unreadable() + guess->schema.records())
                           + " records cannot be read as " + std::string{guess->format->name});
  std::printf("%s", (format == "json" ? json_of(guess->schema) : schema_text(guess->schema)).c_str());
  return exit_code::done;
}

void declare(arguments verb) {
  const auto options = std::make_shared<schema_options>();
  const auto format = std::make_shared<std::string>("yaml");
  auto infers = verb.verb("infer", "print the schema section that fits the first records of a file or a topic");
  infers.option("FILE|TOPIC", &options->from, "- is standard input; what is no file is a topic").required();
  add_schema_options(infers, *options);
  infers.option("-o,--output", format.get(), "yaml or json").one_of({"yaml", "json"}).with_default();
  infers.run([options, format] { return infer(*options, *format); });
  verb.run([] {
    std::printf("%s", json_schema(io::catalogue()).c_str());
    return exit_code::done;
  });
}

} // namespace

constexpr verb verbs::schema{"schema",
                             "print the JSON Schema of pipeline files, for editors; or the schema of some records",
                             "weir schema infer transactions.csv", declare};

} // namespace weir::cli
