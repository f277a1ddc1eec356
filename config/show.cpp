#include "config/show.hpp"

#include "config/parse.hpp"
#include "config/sections.hpp"

namespace weir::config {

namespace {

/// A source or a sink: its kind, then what its section says beside.
template <class Section, class Endpoint>
value shown(const Section& section, const Endpoint& endpoint, std::span<const field_info> fields) {
  value::mapping all;
  all.emplace_back(std::string{endpoint.kind().name}, value{endpoint.show()});
  for (auto& field : show_fields(fields, &section))
    all.push_back(std::move(field));
  return {std::move(all)};
}

value shown(const sink_section& sink) {
  return shown(sink, *sink.to, sink_fields());
}

/// Alerts are JSON and dead letters have a format of their own: they give none.
value shown_without_format(const sink_section& sink) {
  return {value::mapping{{std::string{sink.to->kind().name}, value{sink.to->show()}}}};
}

value shown(const std::vector<schema_field>& schema) {
  value::mapping all;
  for (const auto& field : schema)
    all.emplace_back(field.name, value{show_fields(schema_fields(), &field)});
  return {std::move(all)};
}

value shown(const std::vector<step_ptr>& steps) {
  value::list all;
  for (const auto& step : steps)
    all.push_back({step->show()});
  return {std::move(all)};
}

template <class T, class Show>
value shown_list(const std::vector<T>& items, Show show_one) {
  value::list all;
  for (const auto& item : items)
    all.push_back(show_one(item));
  return {std::move(all)};
}

bool is_empty(const value& of) {
  const auto* items = std::get_if<value::list>(&of.data);
  const auto* members = std::get_if<value::mapping>(&of.data);
  return of.is_nothing() || (items != nullptr && items->empty()) || (members != nullptr && members->empty());
}

} // namespace

value::mapping show(const pipeline& of) {
  // What depends on the rest of the file is a default too.
  auto whole = of;
  whole.processing.guarantee = effective_guarantee(of);

  value::mapping all = show_fields(top_fields(), &whole);
  const auto add = [&](const char* name, value section) {
    if (!is_empty(section))
      all.emplace_back(name, std::move(section));
  };
  if (of.source.from)
    add("source", shown(of.source, *of.source.from, source_fields()));
  add("schema", shown(of.schema));
  if (of.lists_steps)
    add("steps", shown(of.steps));
  else
    for (const auto section : step_sections)
      add(std::string{section}.c_str(), shown(steps_of(of, section)));
  add("alerts",
      shown_list(of.alerts, [](const alert_rule& rule) { return value{show_fields(alert_fields(), &rule)}; }));
  add("alert_sink", shown_list(of.alert_sinks, shown_without_format));
  add("sink", shown_list(of.sinks, [](const sink_section& sink) { return shown(sink); }));
  if (of.dead_letter)
    add("dead_letter", shown_without_format(*of.dead_letter));
  for (const auto& [name, fields] : settings_sections())
    add(std::string{name}.c_str(), {show_fields(fields, &whole)});
  return all;
}

} // namespace weir::config
