#include "cli/testing/test_file.hpp"

#include "config/yaml_reader.hpp"
#include "core/base/civil_time.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace weir::cli {

namespace {

using config::yaml_node;
using config::yaml_section;

/// A path that a file names, from the folder of that file.
std::string beside(const std::string& file, const std::string& path) {
  return (std::filesystem::path{file}.parent_path() / path).string();
}

void read_lines(yaml_section& from, const std::string& file, const config::located& name, test_case& into) {
  std::ifstream lines{beside(file, name.text)};
  if (!lines)
    return from.report(name.at, "cannot read '" + name.text + "'");
  for (std::string line; std::getline(lines, line);)
    if (!line.empty())
      into.input.push_back({nullptr, line});
}

void read_input(yaml_section& from, const std::string& file, test_case& into) {
  if (config::located name; from.text("input_file", name))
    read_lines(from, file, name, into);
  const auto* records = from.find("input");
  if (records == nullptr) {
    if (from.find("input_file") == nullptr)
      from.report(from.at(), "a case needs 'input' or 'input_file'");
    return;
  }
  for (const auto* record : config::items_of(*records))
    if (record->shape == yaml_node::shape::mapping || record->shape == yaml_node::shape::scalar)
      into.input.push_back({record, {}});
    else
      from.report(record->at, "a record is a mapping of its fields, or a text, found " + record->description());
}

const yaml_node* list_of(yaml_section& from, std::string_view field) {
  const auto* node = from.find(field);
  if (node == nullptr)
    return nullptr;
  const auto items = config::items_of(*node);
  const bool is_list = node->shape == yaml_node::shape::list
                       && std::all_of(items.begin(), items.end(),
                                      [](const auto* item) { return item->shape == yaml_node::shape::mapping; });
  if (!is_list)
    from.report(node->at, "'" + std::string{field} + "' must be a list of mappings, found " + node->description());
  return is_list ? node : nullptr;
}

void read_expectation(config::yaml_reader& reader, const yaml_node& node, test_case& into) {
  yaml_section from{reader, node, "expect"};
  into.expects = true;
  into.expected_output = list_of(from, "output");
  into.expected_dead_letters = list_of(from, "dead_letters");
  into.expected_alerts = list_of(from, "alerts");
  if (const auto* aggregates = from.find("aggregates"); aggregates != nullptr) {
    if (aggregates->shape == yaml_node::shape::mapping)
      into.expected_aggregates = aggregates;
    else
      from.report(aggregates->at, "'aggregates' must be a mapping of names to values");
  }
  if (std::uint64_t filtered = 0; from.integer("filtered", filtered, 0, INT64_MAX))
    into.filtered = filtered;
  from.number("tolerance", into.tolerance, 0);
}

test_case read_case(config::yaml_reader& reader, const yaml_node& node, const std::string& file) {
  yaml_section from{reader, node, "case"};
  test_case made;
  made.at = node.at;
  if (const auto* name = from.require("name"))
    made.name = name->text;
  read_input(from, file, made);
  made.time = core::days_from_civil(2026, 1, 1) * core::ms_per_day;
  if (config::located time; from.text("time", time)) {
    if (const auto ms = core::parse_timestamp(time.text))
      made.time = *ms;
    else
      from.report(time.at, "'" + time.text + "' is no time, write it as 2026-01-05T13:45:10Z");
  }
  from.duration("interval", made.interval);
  if (const auto* expect = from.find("expect"))
    read_expectation(reader, *expect, made);
  return made;
}

void read_cases(yaml_section& top, test_file& into) {
  const auto* cases = top.require("cases");
  if (cases == nullptr)
    return;
  for (const auto* node : config::items_of(*cases))
    into.cases.push_back(read_case(top.reader(), *node, into.path));
  for (std::size_t i = 0; i + 1 < into.cases.size(); ++i)
    into.cases[i].end = into.cases[i + 1].at;
}

void read_environment(yaml_section& top, test_file& into) {
  const auto* environment = top.find("environment");
  if (environment == nullptr)
    return;
  for (const auto& [name, value] : environment->members)
    into.environment[name->text] = value->text;
}

} // namespace

tl::expected<test_file, std::vector<config::diagnostic>> read_test_file(const std::string& path) {
  auto text = config::read_text(path);
  if (!text)
    return tl::unexpected{std::vector{text.error()}};
  config::yaml_reader reader{path};
  test_file made;
  made.path = path;
  made.text = std::move(*text);
  made.document = std::make_shared<const config::yaml_document>(made.text, path, config::environment::of_process(),
                                                                reader.diagnostics());
  if (const auto* root = made.document->root()) {
    yaml_section top{reader, *root, "test file"};
    if (top.text("pipeline", made.pipeline))
      made.pipeline = beside(path, made.pipeline);
    else
      top.require("pipeline");
    read_environment(top, made);
    read_cases(top, made);
  } else if (reader.diagnostics().empty()) {
    reader.report({}, "the file is empty");
  }
  if (reader.diagnostics().empty())
    return made;
  config::sort(reader.diagnostics());
  return tl::unexpected{std::move(reader.diagnostics())};
}

} // namespace weir::cli
