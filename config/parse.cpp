#include "config/parse.hpp"

#include "config/check.hpp"
#include "config/parse_sections.hpp"

#include <algorithm>

namespace weir::config {

namespace {

/// Room for the suffixes of Weir's own topics: `-control` is the longest.
constexpr std::size_t longest_suffix = 8;

/// A model reads numbers, so its inputs need no entry in the schema. One that looks like a known column is a misspelt
/// name.
void declare_model_inputs(pipeline& into) {
  std::vector<std::string> names;
  for (const auto& field : into.schema)
    names.push_back(field.name);
  for (const auto* section : {&into.preprocess, &into.aggregate, &into.infer, &into.detect})
    for (const auto& step : *section)
      for (const auto& made : step->made_columns())
        names.push_back(made.text);
  for (const auto& model : into.infer)
    for (const auto& input : model->used_columns()) {
      auto known = std::find(names.begin(), names.end(), input.text) != names.end();
      if (known || input.hidden || !did_you_mean(input.text, names).empty())
        continue;
      into.schema.push_back({input.text, core::column_type::float64, false, false, input.at});
      names.push_back(input.text);
    }
}

void parse_top(yaml_reader& reader, const yaml_node& root, const catalogue& kinds, pipeline& into) {
  yaml_section top{reader, root, "pipeline"};
  if (root.shape != yaml_node::shape::mapping)
    return;
  located name;
  top.require("name");
  if (top.text("name", name))
    check_topic_name(top, name, "the pipeline's name", longest_suffix);
  into.name = name.text;
  parse_source(top, into);
  parse_schema(top, into);
  parse_steps(top, kinds.transforms, into.preprocess);
  parse_steps(top, kinds.windows, into.aggregate);
  parse_steps(top, kinds.models, into.infer);
  parse_steps(top, kinds.detectors, into.detect);
  parse_alerts(top, into);
  parse_sinks(top, into);
  parse_settings(top, into);
  if (auto* kafka = std::get_if<kafka_source>(&into.source.from); kafka != nullptr && kafka->group.empty())
    kafka->group = "weir-" + into.name;
  if (auto* file = std::get_if<file_source>(&into.source.from); file != nullptr && file->key.empty())
    for (const auto& field : into.schema)
      if (field.key)
        file->key = field.name;
  declare_model_inputs(into);
  check(into, reader);
}

pipeline read(std::string_view yaml, yaml_reader& reader, const catalogue& kinds, const environment& variables) {
  pipeline result;
  result.file = reader.file_name();
  yaml_document document{yaml, reader.file_name(), variables, reader.diagnostics()};
  if (document.root() != nullptr)
    parse_top(reader, *document.root(), kinds, result);
  else if (reader.diagnostics().empty())
    reader.report({}, "the file is empty");
  return result;
}

} // namespace

tl::expected<pipeline, std::vector<diagnostic>> parse_pipeline(std::string_view yaml, std::string_view file_name,
                                                               const catalogue& kinds, const environment& variables) {
  yaml_reader reader{std::string{file_name}};
  auto result = read(yaml, reader, kinds, variables);
  if (reader.diagnostics().empty())
    return result;
  sort(reader.diagnostics());
  return tl::unexpected{std::move(reader.diagnostics())};
}

tl::expected<pipeline, std::vector<diagnostic>> parse_pipeline(const std::filesystem::path& path,
                                                               const catalogue& kinds, const environment& variables) {
  const auto text = read_text(path);
  if (!text)
    return tl::unexpected{std::vector{text.error()}};
  return parse_pipeline(*text, path.string(), kinds, variables);
}

guarantee effective_guarantee(const pipeline& of) {
  if (of.processing.guarantee)
    return *of.processing.guarantee;
  const auto* from = std::get_if<kafka_source>(&of.source.from);
  auto in_transaction = [&](const sink& s) {
    const auto* to = std::get_if<kafka_sink>(&s.to);
    return from != nullptr && to != nullptr && to->brokers == from->brokers;
  };
  for (const auto& s : of.sinks)
    if (!in_transaction(s))
      return guarantee::at_least_once;
  for (const auto& s : of.alert_sinks)
    if (!in_transaction(s) && !std::holds_alternative<console_sink>(s.to))
      return guarantee::at_least_once;
  if (of.dead_letter && !in_transaction(*of.dead_letter))
    return guarantee::at_least_once;
  return from != nullptr ? guarantee::exactly_once : guarantee::at_least_once;
}

} // namespace weir::config
