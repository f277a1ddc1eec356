#include "cli/reference/families.hpp"
#include "cli/verbs.hpp"
#include "core/base/nearest_name.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <optional>
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
constexpr const char* schema = R"(schema:
  CustomerID: { type: string, key: true }
  Date: timestamp
  Amount: double
  Age: int
  Device: string
)";

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

/// A section of the file, with what its steps are.
std::string section_text(std::string_view section, const std::vector<listed_kind>& kinds) {
  if (kinds.empty())
    return {};
  auto text = std::string{section} + ":\n";
  for (const auto& kind : kinds)
    text += "  # " + kind.help + "\n  - " + kind.example + "\n";
  return text;
}

/// A pipeline file of the kinds that `path` names: a source, any steps, a sink.
core::result<std::string> pipeline_text(const std::string& path) {
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
  auto text = "# Made by `weir create " + path + "`: a pipeline to start from, over the columns of\n"
              + "# `weir generate transactions --out transactions.csv`.\n" + "name: " + name + "\n\n# " + source->help
              + "\nsource: " + source->example + "\n" + schema;
  for (const auto& [section, kinds] : sections)
    text += section_text(section, kinds);
  return text + "\n# " + sink->help + "\nsink: " + sink->example + "\n";
}

exit_code create(const std::string& path) {
  const auto text = pipeline_text(path);
  if (!text)
    return report(text.error(), exit_code::usage);
  std::printf("%s", text->c_str());
  return exit_code::done;
}

void declare(arguments verb) {
  const auto path = std::make_shared<std::string>();
  verb.option("kinds", path.get(), "A source, any steps and a sink: kafka/zscore/file").required();
  verb.run([path] { return create(*path); });
}

} // namespace

constexpr verb verbs::create{"create", "print a pipeline file to start from",
                             "weir create kafka/zscore/file > pipeline.yaml", declare};

} // namespace weir::cli
