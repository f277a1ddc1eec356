#include "config/parse_sections.hpp"
#include "config/read_endpoint.hpp"
#include "config/sections.hpp"
#include "core/format/format.hpp"

#include <algorithm>
#include <array>
#include <utility>

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

/// `from: header`, which is no field, for no type has that name.
bool is_from_header(const yaml_node& key, const yaml_node& value) {
  return key.text == "from" && value.shape == yaml_node::shape::scalar && value.text == "header";
}

/// The fields that a file's header names, with the types that its first rows have; what the schema names itself stays
/// as it is there.
void take_header(yaml_reader& reader, position at, pipeline& into) {
  constexpr std::uint64_t looked_at = 1000;
  const auto& source = into.source;
  if (!source.from)
    return;
  if (source.format->header == nullptr)
    return reader.report(at, "'from: header' belongs to format " + formats_with(has_header));
  if (!source.has_header.value_or(true) && source.header.empty())
    return reader.report(at, "the file has no header: name its fields by 'header' in source");
  const core::row_reading rows{source.dialect,
                               source.has_header.value_or(true) ? std::vector<std::string>{} : source.header};
  const auto found = source.from->sample(*source.format, rows, looked_at);
  if (!found)
    return reader.report(at, "the fields cannot be taken from the header: " + found.error().text());
  const auto named = std::exchange(into.schema, {});
  std::string said;
  for (const auto& [name, guess] : *found) {
    const auto known = std::ranges::find(named, name, &schema_field::name);
    if (known != named.end()) {
      into.schema.push_back(*known);
      continue;
    }
    auto& added = into.schema.emplace_back();
    added.name = name;
    added.type = guess.type();
    added.at = at;
    said += (said.empty() ? "" : ", ") + name + " " + std::string{to_string(added.type)};
  }
  for (const auto& field : named)
    if (std::ranges::none_of(*found, [&](const auto& other) { return other.name == field.name; }))
      into.schema.push_back(field);
  into.schema_note = "schema: from the header of '" + source.from->name() + "', types by its first "
                     + std::to_string(looked_at) + " rows: " + said;
}

} // namespace

core::result<std::vector<core::sampled_field>> source::sample(const core::format_kind&, const core::row_reading&,
                                                              std::uint64_t) const {
  return core::fail("a source of kind " + std::string{kind().name} + " has no header", {},
                    "name the fields of the schema");
}

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
  parse_dialect(section, top.find("schema") != nullptr, into.source);
  if (const auto* repeats = section.find("repeats"); repeats != nullptr && !into.source.format->holds_changes)
    section.report(repeats->at, "'repeats' belongs to format " + formats_with(holds_changes));
}

void parse_schema(yaml_section& top, pipeline& into) {
  const auto* node = top.find("schema");
  if (node == nullptr)
    return;
  yaml_section schema{top.reader(), *node, "schema"};
  schema.accept_others();
  std::optional<position> from_header;
  for (const auto& [key, value] : schema.others()) {
    if (is_from_header(*key, *value)) {
      from_header = key->at;
      continue;
    }
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
  if (from_header)
    take_header(top.reader(), *from_header, into);
}

} // namespace weir::config
