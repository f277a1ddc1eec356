#include "cli/reference/families.hpp"
#include "cli/schema_reader.hpp"
#include "cli/stop_signal.hpp"
#include "cli/verbs.hpp"
#include "config/yaml_text.hpp"
#include "core/base/nearest_name.hpp"
#include "core/format/format.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace weir::cli {

namespace {

/// A family whose kinds may stand between source and sink, and the section of the file that they go into.
struct step_section {
  std::string_view family;
  std::string_view section;
};

constexpr std::array step_sections{
    step_section{"transforms", "preprocess"}, step_section{"windows", "aggregate"},
    step_section{"aggregates", "aggregate"},  step_section{"inferences", "infer"},
    step_section{"detectors", "detect"},      step_section{"drifts", "drift"},
};

/// The columns that all examples use: those of `weir generate transactions`.
constexpr const char* example_schema = R"(schema:
  CustomerID: { type: string, key: true }
  Date: timestamp
  Amount: double
  Age: int
  Device: string
)";

struct example_column {
  std::string_view name;
  core::column_type type;
};

constexpr std::array example_columns{
    example_column{"CustomerID", core::column_type::string}, example_column{"Date", core::column_type::timestamp},
    example_column{"Amount", core::column_type::float64}, example_column{"Age", core::column_type::int64},
    example_column{"Device", core::column_type::string}};

/// What a file begins with.
struct pipeline_head {
  std::string made_by;                          ///< comment lines
  std::string source;                           ///< as it stands in the file
  std::string schema;                           ///< its section
  std::map<std::string, std::string> columns{}; ///< that stand for those of the examples
};

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  std::istringstream in{path};
  for (std::string part; std::getline(in, part, '/');)
    parts.push_back(part);
  return parts;
}

std::optional<listed_kind> find_kind(std::string_view family, const std::string& name) {
  for (auto& kind : find_family(family)->kinds())
    if (kind.name == name)
      return std::move(kind);
  return std::nullopt;
}

core::error unknown(const std::string& what, const std::string& name, std::initializer_list<std::string_view> in) {
  std::vector<std::string> names;
  for (const auto family : in)
    for (const auto& kind : find_family(family)->kinds())
      names.push_back(kind.name);
  auto remedy = core::did_you_mean(name, names);
  return {"there is no " + what + " '" + name + "'", {}, remedy.empty() ? "`weir list` says what there is" : remedy};
}

/// A text in which columns of the examples have other names.
std::string with_columns(const std::string& text, const std::map<std::string, std::string>& columns) {
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  std::string made;
  for (std::size_t begin = 0; begin < text.size();) {
    auto end = begin;
    while (end < text.size() && is_word(text[end]))
      ++end;
    const auto word = text.substr(begin, std::max<std::size_t>(end - begin, 1));
    const auto known = columns.find(word);
    made += known == columns.end() ? word : known->second;
    begin += word.size();
  }
  return made;
}

/// A section of the file, with what its steps are.
std::string section_text(std::string_view section, const std::vector<listed_kind>& kinds,
                         const std::map<std::string, std::string>& columns) {
  if (kinds.empty())
    return {};
  auto text = std::string{section} + ":\n";
  for (const auto& kind : kinds)
    text += "  # " + kind.help + "\n  - " + with_columns(kind.example, columns) + "\n";
  return text;
}

/// For each column of the examples one of the guessed ones: of its type, each once as far as there are so many. Names
/// that are no words would need quotes that an example does not have.
std::map<std::string, std::string> columns_like(const std::vector<guessed_field>& fields) {
  std::map<std::string, std::string> found;
  std::set<std::string> taken;
  const auto is_plain = [](const std::string& name) {
    return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0
           && std::ranges::all_of(name,
                                  [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
  };
  const auto fits = [](core::column_type wanted, core::column_type is) {
    const bool is_number = is == core::column_type::int64 || is == core::column_type::float64;
    return wanted == is || (is_number && (wanted == core::column_type::int64 || wanted == core::column_type::float64));
  };
  for (const auto& [name, type] : example_columns) {
    const guessed_field* best = nullptr;
    const auto worth = [&](const guessed_field& field) {
      return (taken.contains(field.name) ? 0 : 4) + (field.type == type ? 2 : 0)
             + (field.is_key && name == "CustomerID" ? 1 : 0);
    };
    for (const auto& field : fields)
      if (is_plain(field.name) && fits(type, field.type) && (best == nullptr || worth(field) > worth(*best)))
        best = &field;
    if (best == nullptr)
      continue;
    found.emplace(name, best->name);
    taken.insert(best->name);
  }
  return found;
}

core::result<pipeline_head> head_of(const schema_options& options) {
  const auto guess = guess_schema(options);
  if (!guess)
    return tl::unexpected{guess.error()};
  using config::value;
  value::mapping place;
  if (guess->is_topic)
    place = {{"brokers", {options.kafka.brokers}}, {"topic", {options.from}}};
  else
    place = {{"path", {options.from}}};
  const value::mapping source{{guess->is_topic ? "kafka" : "file", {std::move(place)}},
                              {"format", {std::string{guess->format->name}}}};
  return pipeline_head{"# Made by `weir create --from " + options.from
                           + "`: a pipeline to start from, over the columns\n" + "# that its first "
                           + std::to_string(guess->schema.records()) + " records have.\n",
                       config::yaml_line({source}), schema_text(guess->schema), columns_like(guess->schema.fields())};
}

/// A pipeline file of the kinds that `path` names: a source, any steps, a sink.
/// @param of what is known of the source; null: the columns are those of the examples
core::result<std::string> pipeline_text(const std::string& path, const pipeline_head* of) {
  const auto parts = parts_of(path);
  if (parts.size() < 2)
    return core::fail("'" + path + "' is no pipeline", {}, "name a source, any steps and a sink: file/zscore/console");
  const auto source = find_kind("sources", parts.front());
  if (!source)
    return tl::unexpected{unknown("source", parts.front(), {"sources"})};
  const auto sink = find_kind("sinks", parts.back());
  if (!sink)
    return tl::unexpected{unknown("sink", parts.back(), {"sinks"})};
  std::vector<std::pair<std::string_view, std::vector<listed_kind>>> sections{
      {"preprocess", {}}, {"aggregate", {}}, {"infer", {}}, {"detect", {}}, {"drift", {}}};
  for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
    bool is_known = false;
    for (const auto& [family, section] : step_sections)
      if (auto kind = is_known ? std::nullopt : find_kind(family, parts[i])) {
        is_known = true;
        for (auto& [name, kinds] : sections)
          if (name == section)
            kinds.push_back(*std::move(kind));
      }
    if (!is_known)
      return tl::unexpected{
          unknown("step", parts[i], {"transforms", "windows", "aggregates", "inferences", "detectors", "drifts"})};
  }
  auto name = path;
  std::replace(name.begin(), name.end(), '/', '-');
  const pipeline_head usual{"# Made by `weir create " + path + "`: a pipeline to start from, over the columns of\n"
                                + "# `weir generate transactions --out transactions.csv`.\n",
                            source->example, example_schema};
  const auto& head = of != nullptr ? *of : usual;
  auto text =
      head.made_by + "name: " + name + "\n\n# " + source->help + "\nsource: " + head.source + "\n" + head.schema;
  for (const auto& [section, kinds] : sections)
    text += section_text(section, kinds, head.columns);
  return text + "\n# " + sink->help + "\nsink: " + sink->example + "\n";
}

struct create_options {
  std::string kinds;
  schema_options schema; ///< of what records look like; `from` is empty: not known
};

exit_code create(const create_options& options) {
  std::optional<pipeline_head> head;
  auto path = options.kinds;
  if (!options.schema.from.empty()) {
    catch_stop_signals();
    auto known = head_of(options.schema);
    if (!known)
      return report(known.error());
    head = std::move(*known);
    const std::string source = head->source.starts_with("{kafka") ? "kafka" : "file";
    if (path.empty())
      path = source + "/console";
    else if (path.substr(0, path.find('/')) != source)
      return report(
          {"--from names a " + std::string{source == "kafka" ? "topic" : "file"}, {}, "begin with " + source + "/"},
          exit_code::usage);
  }
  const auto text = pipeline_text(path, head ? &*head : nullptr);
  if (!text)
    return report(text.error(), exit_code::usage);
  std::printf("%s", text->c_str());
  return exit_code::done;
}

void declare(arguments verb) {
  const auto options = std::make_shared<create_options>();
  verb.option("kinds", &options->kinds,
              "A source, any steps and a sink: kafka/zscore/file; with --from default: to the console");
  verb.option("--from", &options->schema.from, "A file, or a topic, whose records say what the schema is");
  add_schema_options(verb, options->schema);
  verb.run([options] { return create(*options); });
}

} // namespace

constexpr verb verbs::create{"create", "print a pipeline file to start from",
                             "weir create file/zscore/file --from transactions.csv > pipeline.yaml", declare};

} // namespace weir::cli
