#include "cli/reference/schema.hpp"

#include "cli/reference/families.hpp"
#include "config/sections.hpp"
#include "config/yaml_text.hpp"
#include "io/json_document.hpp"

#include <array>
#include <cmath>

namespace weir::cli {

namespace {

using config::field_info;
using config::value_type;
using io::json_document;

/// Types that many fields share. Every scalar may be a reference to the environment instead.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> shared_types{{
    {"text", R"({"type":["string","number","boolean"],"minLength":1})"},
    {"texts", R"({"anyOf":[{"$ref":"#/definitions/text"},{"type":"array","items":{"$ref":"#/definitions/text"}}]})"},
    {"reference", R"({"type":"string","pattern":"\\$\\{"})"},
    {"duration", R"({"anyOf":[{"type":"string","pattern":"^[0-9]+(\\.[0-9]+)?(ms|s|m|h|d)$"},{"const":0},)"
                 R"({"$ref":"#/definitions/reference"}]})"},
    {"size", R"({"anyOf":[{"type":"integer","minimum":0},{"type":"string",)"
             R"("pattern":"^[0-9]+(\\.[0-9]+)?(B|KiB|MiB|GiB|TiB|kB|KB|MB|GB|TB)?$"},)"
             R"({"$ref":"#/definitions/reference"}]})"},
    {"properties", R"({"type":["object","null"],"additionalProperties":{"$ref":"#/definitions/text"}})"},
    {"categories", R"({"type":"object","minProperties":2,"properties":{"as":{"$ref":"#/definitions/text"}},)"
                   R"("required":["as"],"additionalProperties":{"type":"array"}})"},
}};

void write_reference(json_document& out, std::string_view name) {
  out.begin_object().member("$ref", "#/definitions/" + std::string{name}).end_object();
}

void write_object(json_document& out, std::span<const field_info> fields);

/// One of `first`, or a reference to the environment.
template <class First>
void write_or_reference(json_document& out, First first) {
  out.begin_object().key("anyOf").begin_array();
  out.begin_object();
  first();
  out.end_object();
  write_reference(out, "reference");
  out.end_array().end_object();
}

void write_bounds(json_document& out, const field_info& field) {
  constexpr double most_shown = 9e15;
  if (std::abs(field.bounds.least) < most_shown)
    out.member(field.bounds.above_least ? "exclusiveMinimum" : "minimum", field.bounds.least);
  if (std::abs(field.bounds.most) < most_shown)
    out.member("maximum", field.bounds.most);
}

void write_type(json_document& out, const field_info& field) {
  switch (field.type) {
  case value_type::texts:
  case value_type::columns:
  case value_type::made_columns: return write_reference(out, "texts");
  case value_type::duration: return write_reference(out, "duration");
  case value_type::size: return write_reference(out, "size");
  case value_type::properties:
  case value_type::labelled:
  case value_type::expressions: return write_reference(out, "properties");
  case value_type::category_list: return write_reference(out, "categories");
  case value_type::flag: return write_or_reference(out, [&] { out.member("type", "boolean"); });
  case value_type::number:
  case value_type::integer:
    return write_or_reference(out, [&] {
      out.member("type", field.type == value_type::number ? "number" : "integer");
      write_bounds(out, field);
    });
  case value_type::choice: {
    const auto write_words = [&] {
      out.key("enum").begin_array();
      for (const auto word : field.words())
        if (out.value(word); word == "null")
          out.null(); // as YAML reads it
      out.end_array();
    };
    if (field.members().empty())
      return write_or_reference(out, write_words);
    out.begin_object().key("anyOf").begin_array(); // a word, or a mapping in its place
    write_or_reference(out, write_words);
    write_object(out, field.members());
    out.end_array().end_object();
    return;
  }
  case value_type::section: return write_object(out, field.members());
  default: return write_reference(out, "text");
  }
}

void write_property(json_document& out, const field_info& field) {
  out.key(field.name).begin_object().member("description", field.help).key("allOf").begin_array();
  write_type(out, field);
  out.end_array().end_object();
}

void write_required(json_document& out, std::span<const field_info> fields) {
  bool any = false;
  for (const auto& field : fields)
    any = any || field.bounds.required;
  if (!any)
    return;
  out.key("required").begin_array();
  for (const auto& field : fields)
    if (field.bounds.required)
      out.value(field.name);
  out.end_array();
}

/// The members of an object that may have these fields and no others.
void write_members(json_document& out, std::span<const field_info> fields) {
  out.member("type", "object").member("additionalProperties", false);
  out.key("properties").begin_object();
  for (const auto& field : fields)
    write_property(out, field);
  out.end_object();
  write_required(out, fields);
}

void write_object(json_document& out, std::span<const field_info> fields) {
  out.begin_object();
  write_members(out, fields);
  out.end_object();
}

void write_steps(json_document& out, std::string_view section, std::string_view help,
                 const std::string& definition_of_a_step) {
  out.key(section).begin_object().member("description", help);
  out.key("type").begin_array().value("array").value("null").end_array();
  out.key("items");
  write_reference(out, definition_of_a_step);
  out.end_object();
}

std::string step_of(const config::step_family& family) {
  return std::string{family.section} + " step";
}

void write_step_definitions(json_document& out, std::span<const config::step_family* const> families) {
  for (const auto* family : families) {
    out.key(step_of(*family)).begin_object().key("anyOf").begin_array();
    for (const auto* kind : family->kinds) {
      out.begin_object().member("title", kind->name).member("description", kind->help);
      write_members(out, kind->fields);
      out.end_object();
    }
    out.end_array().end_object();
  }
  out.key("step").begin_object().key("anyOf").begin_array();
  for (const auto* family : families)
    write_reference(out, step_of(*family));
  out.end_array().end_object();
}

/// A source or a sink: the fields of its section, and one of its kinds.
template <class Kind>
void write_endpoint(json_document& out, std::string_view name, std::span<const field_info> section,
                    std::span<const Kind* const> kinds) {
  out.key(name).begin_object().member("type", "object").member("additionalProperties", false);
  out.key("properties").begin_object();
  for (const auto& field : section)
    write_property(out, field);
  for (const auto* kind : kinds) {
    out.key(kind->name).begin_object().member("description", kind->help).key("anyOf").begin_array();
    write_object(out, kind->fields);
    if (kind->has_short_form)
      write_reference(out, "text");
    out.end_array().end_object();
  }
  out.end_object().key("oneOf").begin_array();
  for (const auto* kind : kinds)
    out.begin_object().key("required").begin_array().value(kind->name).end_array().end_object();
  out.end_array().end_object();
}

void write_definitions(json_document& out, const config::catalogue& kinds) {
  out.key("definitions").begin_object();
  for (const auto& [name, text] : shared_types)
    out.key(name).raw(text);
  write_endpoint(out, "source", config::source_fields(), kinds.sources);
  write_endpoint(out, "sink section", config::sink_fields(), kinds.sinks);
  out.key("sink").begin_object().key("anyOf").begin_array();
  write_reference(out, "sink section");
  out.begin_object().key("enum").begin_array();
  for (const auto* kind : kinds.sinks)
    if (kind->fields.empty())
      out.value(kind->name);
  out.end_array().end_object().end_array().end_object();
  out.key("sinks").raw(
      R"({"anyOf":[{"$ref":"#/definitions/sink"},{"type":"array","items":{"$ref":"#/definitions/sink"}}]})");
  out.key("schema field").begin_object().key("anyOf").begin_array();
  write_type(out, config::schema_fields().front());
  write_object(out, config::schema_fields());
  out.end_array().end_object();
  out.key("alert");
  write_object(out, config::alert_fields());
  write_step_definitions(out, config::step_families(kinds));
  out.end_object();
}

void write_properties(json_document& out, const config::catalogue& kinds) {
  out.key("properties").begin_object();
  for (const auto& field : config::top_fields())
    write_property(out, field);
  out.key("source");
  write_reference(out, "source");
  out.key("schema").raw(
      R"({"type":["object","null"],"properties":{"from":{"anyOf":[{"const":"header"},{"$ref":"#/definitions/schema field"}]}},)"
      R"("additionalProperties":{"$ref":"#/definitions/schema field"}})");
  for (const auto* family : config::step_families(kinds))
    write_steps(out, family->section, family->help, step_of(*family));
  write_steps(out, "steps", "in place of these sections: one list of all their steps, which run as they stand", "step");
  out.key("alerts").raw(R"({"type":["array","null"],"items":{"$ref":"#/definitions/alert"}})");
  for (const auto* name : {"sink", "alert_sink"}) {
    out.key(name);
    write_reference(out, "sinks");
  }
  out.key("dead_letter");
  write_reference(out, "sink");
  for (const auto& [name, fields] : config::settings_sections()) {
    out.key(name);
    write_object(out, fields);
  }
  out.end_object();
}

} // namespace

std::string json_schema(const config::catalogue& kinds) {
  json_document out;
  out.begin_object().member("$schema", "http://json-schema.org/draft-07/schema#").member("title", "Weir pipeline");
  out.member("description", "One pipeline file of Weir. What a schema cannot say (names of columns, expressions, "
                            "guarantees) `weir validate` checks.");
  out.member("type", "object").member("additionalProperties", false);
  write_properties(out, kinds);
  out.key("patternProperties").begin_object();
  for (const auto& [section, fields] : config::settings_sections())
    for (const auto& field : fields) {
      out.key("^" + std::string{section} + "\\." + std::string{field.name} + "$");
      write_type(out, field);
    }
  out.end_object();
  out.key("required").begin_array().value("name").value("source").value("sink").end_array();
  write_definitions(out, kinds);
  out.end_object();
  return out.pretty_text();
}

} // namespace weir::cli
