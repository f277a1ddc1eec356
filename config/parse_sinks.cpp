#include "config/parse_sections.hpp"

namespace weir::config {

namespace {

constexpr std::array<std::pair<std::string_view, partitioning>, 2> partitioning_words{
    {{"source", partitioning::source}, {"key", partitioning::key}}};

/// Properties that say how to reach a cluster: sinks on the source's brokers take them over.
bool is_connection_property(std::string_view name) {
  return name.starts_with("security.") || name.starts_with("ssl.") || name.starts_with("sasl.")
         || name.starts_with("enable.ssl.");
}

kafka_sink parse_kafka_sink(yaml_reader& reader, const yaml_node& node, const kafka_source* from) {
  kafka_sink result;
  yaml_section section{reader, node, "kafka sink"};
  parse_brokers(section, result.brokers);
  parse_topic(section, result);
  section.choice("partition", result.partition, partitioning_words);
  if (result.brokers.empty() && from == nullptr)
    section.report(node.at, "missing field 'brokers' in kafka sink: there is no kafka source to take it from");
  if (from != nullptr && (result.brokers.empty() || result.brokers == from->brokers)) {
    result.brokers = from->brokers;
    for (const auto& [name, value] : from->properties)
      if (is_connection_property(name))
        result.properties.emplace(name, value);
  }
  return result;
}

file_sink parse_file_sink(yaml_reader& reader, const yaml_node& node) {
  if (node.shape == yaml_node::shape::scalar) {
    if (node.text.empty())
      reader.report(node.at, "'file' in sink must not be empty");
    return {node.text};
  }
  file_sink result;
  yaml_section section{reader, node, "file sink"};
  section.require("path");
  section.text("path", result.path);
  return result;
}

void parse_sink(yaml_reader& reader, const yaml_node& node, const pipeline& of, std::vector<sink>& into) {
  sink result;
  result.at = node.at;
  if (node.shape == yaml_node::shape::scalar && node.text == "console") {
    result.to = console_sink{};
    into.push_back(std::move(result));
    return;
  }
  yaml_section section{reader, node, "sink"};
  section.choice("format", result.format, format_words);
  const auto* to = section.one_of({"kafka", "file", "console"});
  if (to == nullptr || to->value->unresolved)
    return;
  if (to->key->text == "kafka")
    result.to = parse_kafka_sink(reader, *to->value, std::get_if<kafka_source>(&of.source.from));
  else if (to->key->text == "file")
    result.to = parse_file_sink(reader, *to->value);
  else {
    yaml_section console{reader, *to->value, "console sink"};
    result.to = console_sink{};
  }
  into.push_back(std::move(result));
}

void parse_alert(yaml_reader& reader, const yaml_node& node, pipeline& into) {
  alert_rule result;
  result.at = node.at;
  column_name by;
  yaml_section section{reader, node, "alert"};
  section.require("name");
  section.text("name", result.name);
  section.require("when");
  section.text("when", result.when);
  section.choice("severity", result.level, words_for(std::type_identity<severity>{}));
  section.text("summary", result.summary);
  if (section.text("by", by))
    result.by = std::move(by);
  section.duration("repeat", result.repeat, milliseconds{1});
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

void parse_sinks(yaml_section& top, pipeline& into) {
  if (const auto* node = top.require("sink")) {
    auto items = items_of(*node);
    for (const auto* item : items)
      parse_sink(top.reader(), *item, into, into.sinks);
    if (items.empty())
      top.report(node->at, "'sink' must not be empty");
  }
  if (const auto* node = top.find("dead_letter")) {
    std::vector<sink> one;
    parse_sink(top.reader(), *node, into, one);
    if (!one.empty())
      into.dead_letter = std::move(one.front());
  }
  if (const auto* node = top.find("alert_sink"))
    for (const auto* item : items_of(*node))
      parse_sink(top.reader(), *item, into, into.alert_sinks);
  if (const auto* node = top.find("output")) {
    yaml_section section{top.reader(), *node, "output"};
    section.texts("drop", into.output.drop);
  }
}

} // namespace weir::config
