#include "config/parse_sections.hpp"

#include <algorithm>

namespace weir::config {

namespace {

constexpr std::size_t longest_topic_name = 249;

constexpr std::array<std::pair<std::string_view, core::column_type>, 5> type_words{
    {{"bool", core::column_type::boolean},
     {"int", core::column_type::int64},
     {"double", core::column_type::float64},
     {"timestamp", core::column_type::timestamp},
     {"string", core::column_type::string}}};

/// librdkafka properties that the commit protocol depends on, and what to write instead.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> reserved_properties{
    {{"bootstrap.servers", "use 'brokers'"},
     {"metadata.broker.list", "use 'brokers'"},
     {"group.id", "use 'group' of the source"},
     {"enable.auto.commit", "Weir commits offsets itself"},
     {"enable.auto.offset.store", "Weir commits offsets itself"},
     {"enable.idempotence", "'processing.guarantee' decides it"},
     {"transactional.id", "'processing.guarantee' decides it"}}};

void parse_properties(yaml_section& section, std::map<std::string, std::string>& into) {
  const auto* node = section.find("properties");
  if (node == nullptr)
    return;
  yaml_section properties{section.reader(), *node, "properties"};
  properties.accept_others();
  for (const auto& [key, value] : properties.others()) {
    auto reserved = std::find_if(reserved_properties.begin(), reserved_properties.end(),
                                 [&, name = std::string_view{key->text}](const auto& p) { return p.first == name; });
    if (reserved != reserved_properties.end())
      section.report(key->at, "property '" + key->text + "' cannot be set here: " + std::string{reserved->second});
    else if (!value->unresolved)
      into.emplace(key->text, text_of(section.reader(), *value, "property '" + key->text + "'").text);
  }
}

kafka_source parse_kafka_source(yaml_reader& reader, const yaml_node& node) {
  kafka_source result;
  yaml_section section{reader, node, "kafka source"};
  section.require("brokers");
  parse_brokers(section, result.brokers);
  parse_topic(section, result);
  section.text("group", result.group);
  return result;
}

file_source parse_file_source(yaml_reader& reader, const yaml_node& node) {
  file_source result;
  if (node.shape == yaml_node::shape::scalar) {
    if (node.text.empty())
      reader.report(node.at, "'file' in source must not be empty");
    result.path = node.text;
    return result;
  }
  yaml_section section{reader, node, "file source"};
  section.require("path");
  section.text("path", result.path);
  section.integer("partitions", result.partitions, 1, 1024);
  section.text("key", result.key);
  section.number("rate", result.rate, 0);
  section.duration("for", result.duration);
  section.integer("limit", result.limit, 0, std::numeric_limits<std::int64_t>::max());
  return result;
}

} // namespace

void check_topic_name(yaml_section& section, const located& name, const std::string& what, std::size_t reserved) {
  auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_'
           || c == '-';
  };
  auto shown = name.hidden ? what : what + " '" + name.text + "'";
  if (name.text == "." || name.text == ".." || !std::all_of(name.text.begin(), name.text.end(), allowed))
    section.report(name.at, shown + " may hold letters, digits, '.', '_' and '-' alone");
  else if (name.text.size() > longest_topic_name - reserved)
    section.report(name.at, what + " is longer than " + std::to_string(longest_topic_name - reserved) + " characters");
}

void parse_brokers(yaml_section& section, std::string& into) {
  std::vector<located> brokers;
  section.texts("brokers", brokers);
  for (const auto& broker : brokers)
    into += (into.empty() ? "" : ",") + broker.text;
}

template <class T>
void parse_topic(yaml_section& section, T& into) {
  located topic;
  section.require("topic");
  if (section.text("topic", topic))
    check_topic_name(section, topic, "topic");
  into.topic = topic.text;
  if (const auto* node = section.find("create")) {
    topic_creation create;
    {
      yaml_section fields{section.reader(), *node, "topic creation"};
      fields.integer("partitions", create.partitions, 1, 100'000);
      fields.integer("replication_factor", create.replication_factor, 1, 100);
    }
    into.create = create;
  }
  parse_properties(section, into.properties);
}

template void parse_topic(yaml_section&, kafka_source&);
template void parse_topic(yaml_section&, kafka_sink&);

void parse_source(yaml_section& top, pipeline& into) {
  const auto* node = top.require("source");
  if (node == nullptr)
    return;
  yaml_section section{top.reader(), *node, "source"};
  section.choice("format", into.source.format, format_words);
  std::vector<located> header;
  if (section.texts("header", header) && into.source.format != data_format::csv)
    section.report(header.empty() ? node->at : header.front().at, "'header' belongs to format csv");
  for (const auto& name : header)
    into.source.header.push_back(name.text);
  const auto* from = section.one_of({"kafka", "file"});
  if (from == nullptr || from->value->unresolved)
    return;
  if (from->key->text == "kafka")
    into.source.from = parse_kafka_source(top.reader(), *from->value);
  else
    into.source.from = parse_file_source(top.reader(), *from->value);
}

void parse_schema(yaml_section& top, pipeline& into) {
  const auto* node = top.find("schema");
  if (node == nullptr)
    return;
  yaml_section schema{top.reader(), *node, "schema"};
  schema.accept_others();
  for (const auto& [key, value] : schema.others()) {
    auto& added = into.schema.emplace_back();
    added.name = key->text;
    added.at = key->at;
    if (value->shape == yaml_node::shape::scalar) {
      choice_of(top.reader(), *value, "the type of '" + key->text + "'", added.type, type_words);
      continue;
    }
    if (value->shape == yaml_node::shape::nothing) {
      top.report(key->at, "field '" + key->text + "' needs a type, such as { type: double }");
      continue;
    }
    yaml_section section{top.reader(), *value, "schema field"};
    section.require("type");
    section.choice("type", added.type, type_words);
    section.flag("required", added.required);
    section.flag("key", added.key);
  }
}

} // namespace weir::config
