#include "config/parse_sections.hpp"
#include "config/read_endpoint.hpp"
#include "config/sections.hpp"
#include "core/format/format.hpp"

#include <algorithm>
#include <array>

namespace weir::config {

namespace {

/// Whether its files begin with the names of the fields.
bool has_header(const core::format_kind& format) {
  return format.header != nullptr;
}
bool holds_changes(const core::format_kind& format) {
  return format.holds_changes;
}

std::string formats_with(bool (*wanted)(const core::format_kind&)) {
  std::string names;
  for (const auto* format : core::formats())
    if (wanted(*format))
      names += (names.empty() ? "" : " or ") + std::string{format->name};
  return names;
}

/// The type that another language's name means; empty: none that is known.
std::string_view type_meant_by(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 17> names{{{"float", "double"},
                                                                                        {"float64", "double"},
                                                                                        {"float32", "double"},
                                                                                        {"real", "double"},
                                                                                        {"number", "double"},
                                                                                        {"decimal", "double"},
                                                                                        {"integer", "int"},
                                                                                        {"int64", "int"},
                                                                                        {"int32", "int"},
                                                                                        {"long", "int"},
                                                                                        {"bigint", "int"},
                                                                                        {"boolean", "bool"},
                                                                                        {"str", "string"},
                                                                                        {"text", "string"},
                                                                                        {"varchar", "string"},
                                                                                        {"datetime", "timestamp"},
                                                                                        {"date", "timestamp"}}};
  const auto found = std::find_if(names.begin(), names.end(), [&](const auto& one) { return one.first == name; });
  return found == names.end() ? std::string_view{} : found->second;
}

void parse_type(yaml_reader& reader, const yaml_node& node, const std::string& field, core::column_type& into) {
  const auto what = "the type of '" + field + "'";
  if (const auto meant = type_meant_by(node.text); !meant.empty() && !node.hidden)
    reader.report(node.at, what + " is called '" + std::string{meant} + "' here, not '" + node.text + "'");
  else
    choice_of(reader, node, what, into, words_for(std::type_identity<core::column_type>{}));
}

} // namespace

void parse_source(yaml_section& top, std::span<const source_kind* const> kinds, pipeline& into) {
  const auto* node = top.require("source");
  if (node == nullptr)
    return;
  yaml_section section{top.reader(), *node, "source"};
  read_fields(section, source_fields(), &into.source);
  into.source.from = read_endpoint(section, kinds);
  if (into.source.from && section.find("format") == nullptr)
    into.source.format = format_by_name_of(into.source.from->file());
  if (const auto* header = section.find("header"); header != nullptr && into.source.format->header == nullptr)
    section.report(items_of(*header).empty() ? node->at : items_of(*header).front()->at,
                   "'header' belongs to format " + formats_with(has_header));
  if (const auto* repeats = section.find("repeats"); repeats != nullptr && !into.source.format->holds_changes)
    section.report(repeats->at, "'repeats' belongs to format " + formats_with(holds_changes));
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
      parse_type(top.reader(), *value, key->text, added.type);
      continue;
    }
    if (value->shape == yaml_node::shape::nothing) {
      top.report(key->at, "field '" + key->text + "' needs a type, such as { type: double }");
      continue;
    }
    yaml_section section{top.reader(), *value, "schema field"};
    read_fields(section, schema_fields(), &added);
  }
}

} // namespace weir::config
