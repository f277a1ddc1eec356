#include "config/parse.hpp"

#include "config/check.hpp"
#include "config/detector_alerts.hpp"
#include "config/parse_sections.hpp"
#include "config/topic_name.hpp"

#include <algorithm>

namespace weir::config {

namespace {

/// Room for the suffixes of Weir's own topics: `-control` is the longest.
constexpr std::size_t longest_suffix = 8;

/// What the steps make.
std::vector<std::string> made_columns(const pipeline& of) {
  std::vector<std::string> names;
  for (const auto& step : of.steps)
    for (const auto& made : step->made_columns())
      names.push_back(made.text);
  return names;
}

/// A model reads numbers as a rule, so its inputs need no entry in the schema. One that looks like a column that the
/// file declares or makes is a misspelt name; other inputs may look as they like.
void declare_model_inputs(pipeline& into) {
  auto names = made_columns(into);
  for (const auto& field : into.schema)
    names.push_back(field.name);
  const auto declared = names;
  for (const auto& model : steps_of(into, "infer"))
    for (const auto& input : model->used_columns()) {
      const auto is_known = std::ranges::find(names, input.text) != names.end();
      if (is_known || input.hidden || !did_you_mean(input.text, declared).empty())
        continue;
      into.schema.push_back({input.text, core::column_type::float64, false, false, input.at, true});
      names.push_back(input.text);
    }
}

/// Sources and sinks take from the rest of the file what it does not say of them.
void complete(pipeline& into, yaml_reader& reader) {
  const completion with{into.name, into.schema, into.source.from.get(), reader};
  if (into.source.from)
    into.source.from->complete(with);
  for (auto* sinks : {&into.sinks, &into.alert_sinks})
    for (auto& sink : *sinks)
      sink.to->complete(with);
  if (into.dead_letter)
    into.dead_letter->to->complete(with);
}

void parse_top(yaml_reader& reader, const yaml_node& root, const catalogue& kinds, pipeline& into) {
  yaml_section top{reader, root, "pipeline"};
  if (root.shape != yaml_node::shape::mapping)
    return;
  parse_settings(top, into);
  if (located name; top.text("name", name))
    check_topic_name(top, name, "the pipeline's name", longest_suffix);
  parse_source(top, kinds.sources, into);
  parse_schema(top, into);
  parse_steps(top, kinds, into);
  parse_alerts(top, into);
  complete_detector_alerts(into, reader);
  parse_sinks(top, kinds.sinks, into);
  complete(into, reader);
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
  const auto* transactions = of.source.from ? of.source.from->transactions() : nullptr;
  if (transactions == nullptr)
    return guarantee::at_least_once;
  const auto joins = [&](const sink_section& sink) { return sink.to->joins(*transactions); };
  const bool all_join = std::all_of(of.sinks.begin(), of.sinks.end(), joins)
                        && std::all_of(of.alert_sinks.begin(), of.alert_sinks.end(),
                                       [&](const sink_section& sink) { return joins(sink) || sink.to->only_shows(); })
                        && (!of.dead_letter || joins(*of.dead_letter));
  return all_join ? guarantee::exactly_once : guarantee::at_least_once;
}

std::vector<located> dropped_fields(const pipeline& of) {
  const auto made = made_columns(of);
  auto fields = of.output.drop;
  std::erase_if(fields, [&](const located& name) { return std::ranges::find(made, name.text) != made.end(); });
  return fields;
}

milliseconds effective_commit_interval(const pipeline& of) {
  constexpr milliseconds of_records{100};
  constexpr milliseconds of_a_file{1000};
  const bool is_file = of.source.from && !of.source.from->is_shared();
  auto interval = of.commit.interval.value_or(is_file ? of_a_file : of_records);
  if (effective_guarantee(of) == guarantee::exactly_once)
    for (const auto& sink : of.sinks)
      if (const auto* parts = sink.to->parts())
        interval = std::max(interval, parts->every);
  return interval;
}

} // namespace weir::config
