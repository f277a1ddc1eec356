#include "config/parse_sections.hpp"
#include "config/read_endpoint.hpp"
#include "config/sections.hpp"

#include <algorithm>

namespace weir::config {

namespace {

using sink_kinds = std::span<const sink_kind* const>;

constexpr auto records = "sink";

/// Of a kind that needs no settings; null: there is none of this name.
std::shared_ptr<sink> sink_of_name(yaml_reader& reader, std::string_view name, sink_kinds kinds) {
  for (const auto* kind : kinds)
    if (kind->name == name && kind->fields.empty()) {
      const yaml_node nothing;
      yaml_section settings{reader, nothing, std::string{kind->name} + " sink"};
      return kind->read(*kind, settings);
    }
  return nullptr;
}

/// For a name that is none of a kind that needs no settings.
void report_name(yaml_reader& reader, const yaml_node& node, const std::string& called, sink_kinds kinds) {
  std::vector<std::string> names;
  std::string others;
  for (const auto* kind : kinds)
    if (kind->fields.empty())
      names.emplace_back(kind->name);
    else
      others += (others.empty() ? "" : " or ") + ("{ " + std::string{kind->name} + ": ... }");
  const auto guess = node.hidden ? std::string{} : did_you_mean(node.text, names);
  reader.report(node.at, called + (node.hidden ? " is none" : " '" + node.text + "' is none")
                             + (guess.empty() ? ": write " + others : guess));
}

/// @param called by the file: `sink`, `alert_sink`, `dead_letter`
std::optional<sink_section> parse_sink(yaml_reader& reader, const yaml_node& node, sink_kinds kinds,
                                       const std::string& called) {
  sink_section result;
  result.at = node.at;
  if (node.shape == yaml_node::shape::scalar) {
    result.to = sink_of_name(reader, node.text, kinds);
    if (!result.to && !node.unresolved)
      report_name(reader, node, called, kinds);
    return result.to ? std::optional{std::move(result)} : std::nullopt;
  }
  const bool takes_records = called == records; // alerts and dead letters have a format of their own
  yaml_section section{reader, node, called};
  read_fields(section, sink_fields(), &result);
  result.to = read_endpoint(section, kinds);
  if (result.to && takes_records && section.find("format") == nullptr)
    result.format = format_by_name_of(result.to->file());
  return result.to ? std::optional{std::move(result)} : std::nullopt;
}

std::vector<sink_section> parse_list(yaml_reader& reader, const yaml_node& node, sink_kinds kinds,
                                     const std::string& called) {
  std::vector<sink_section> all;
  for (const auto* item : items_of(node))
    if (auto sink = parse_sink(reader, *item, kinds, called))
      all.push_back(*std::move(sink));
  return all;
}

void parse_alert(yaml_reader& reader, const yaml_node& node, pipeline& into) {
  alert_rule result;
  yaml_section section{reader, node, "alert"};
  read_fields(section, alert_fields(), &result);
  if (section.one_of({"when", "detector"}) != nullptr && result.detector.text.empty())
    section.require("name");
  for (const auto& other : into.alerts)
    if (!result.name.empty() && other.name == result.name)
      section.report(section.find("name")->at, "alert " + section.find("name")->description() + " is there twice");
  into.alerts.push_back(std::move(result));
}

} // namespace

void parse_alerts(yaml_section& top, pipeline& into) {
  const auto* node = top.find("alerts");
  if (node == nullptr)
    return;
  if (node->shape != yaml_node::shape::list)
    top.report(node->at, "'alerts' must be a list, found " + node->description());
  for (const auto* item : node->items)
    parse_alert(top.reader(), *item, into);
}

void parse_sinks(yaml_section& top, sink_kinds kinds, pipeline& into) {
  if (const auto* node = top.require("sink")) {
    into.sinks = parse_list(top.reader(), *node, kinds, records);
    if (items_of(*node).empty())
      top.report(node->at, "'sink' must not be empty");
  }
  if (const auto* node = top.find("dead_letter"))
    into.dead_letter = parse_sink(top.reader(), *node, kinds, "dead_letter");
  if (const auto* node = top.find("alert_sink"))
    into.alert_sinks = parse_list(top.reader(), *node, kinds, "alert_sink");
  else if (!into.alerts.empty())
    into.alert_sinks = {{sink_of_name(top.reader(), "console", kinds), &core::json_format, {}}};
}

} // namespace weir::config
