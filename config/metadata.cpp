#include "config/metadata.hpp"

#include "config/kind.hpp"
#include "core/transform/record_metadata.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

namespace weir::config {

namespace {

using core::record_fact;

constexpr std::string_view header_prefix = "_headers.";
constexpr std::array facts{std::pair{std::string_view{"_timestamp"}, record_fact::timestamp},
                           std::pair{std::string_view{"_partition"}, record_fact::partition},
                           std::pair{std::string_view{"_offset"}, record_fact::offset},
                           std::pair{std::string_view{"_key"}, record_fact::key},
                           std::pair{std::string_view{"_topic"}, record_fact::topic}};

bool is_of_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.'
         || static_cast<unsigned char>(c) >= 0x80;
}

bool is_metadata(std::string_view name) {
  return (name.starts_with(header_prefix) && name.size() > header_prefix.size())
         || std::ranges::find(facts, name, &decltype(facts)::value_type::first) != facts.end();
}

/// Names of metadata that stand in a text, which may be an expression, a column, or neither: one too many costs little.
void find_names(std::string_view text, std::set<std::string>& into) {
  for (std::size_t at = text.find('_'); at != std::string_view::npos; at = text.find('_', at + 1)) {
    if (at > 0 && is_of_name(text[at - 1]))
      continue;
    const bool is_quoted = at > 0 && text[at - 1] == '`';
    const auto rest = text.substr(at);
    const auto end = is_quoted ? rest.find('`')
                               : static_cast<std::size_t>(std::ranges::find_if_not(rest, is_of_name) - rest.begin());
    if (const auto name = rest.substr(0, end); is_metadata(name))
      into.emplace(name);
  }
}

/// @param columns that are read by their whole names
void find_names(const value& in, const std::set<std::string>& columns, std::set<std::string>& into) {
  if (const auto* text = std::get_if<std::string>(&in.data); text != nullptr && !columns.contains(*text))
    find_names(*text, into);
  if (const auto* items = std::get_if<value::list>(&in.data))
    for (const auto& item : *items)
      find_names(item, columns, into);
  if (const auto* members = std::get_if<value::mapping>(&in.data))
    for (const auto& [key, item] : *members)
      find_names(item, columns, into);
}

/// All that steps and alerts read, and neither the schema nor a step makes.
std::set<std::string> names_read(const pipeline& of) {
  std::set<std::string> names;
  std::vector<std::string> others;
  for (const auto& step : of.steps) {
    std::set<std::string> columns;
    for (const auto& column : step->used_columns())
      columns.insert(column.text);
    find_names({step->show()}, columns, names);
    std::ranges::copy_if(columns, std::inserter(names, names.end()), is_metadata);
    for (const auto& column : step->made_columns())
      others.push_back(column.text);
  }
  for (const auto& rule : of.alerts) {
    find_names(rule.when.text, names);
    find_names(rule.summary.text, names);
    if (rule.by && is_metadata(rule.by->text))
      names.insert(rule.by->text);
  }
  for (const auto& field : of.schema)
    others.push_back(field.name);
  for (const auto& name : others)
    names.erase(name);
  return names;
}

} // namespace

void add_metadata(const pipeline& of, binding& into) {
  if (!of.source.from)
    return;
  std::vector<core::metadata_column> columns;
  for (const auto& name : names_read(of)) {
    const bool is_header = name.starts_with(header_prefix);
    if (is_header && !of.source.from->is_shared())
      continue; // nothing has that name: a file has no headers
    const auto* fact = std::ranges::find(facts, std::string_view{name}, &decltype(facts)::value_type::first);
    const auto what = is_header ? record_fact::header : fact->second;
    columns.push_back({into.columns().add({.name = name, .type = core::type_of(what), .output = false}), what,
                       into.plan().headers.size()});
    if (is_header)
      into.plan().headers.push_back(name.substr(header_prefix.size()));
  }
  if (!columns.empty())
    into.add(core::make_record_metadata(std::move(columns), of.source.from->name()));
}

} // namespace weir::config
