#include "config/field.hpp"

#include "config/addresses.hpp"
#include "config/explain.hpp"
#include "config/topic_name.hpp"
#include "config/units.hpp"

#include <algorithm>
#include <cmath>

namespace weir::config {

namespace {

value shown(const located& of) {
  if (of.text.empty())
    return {};
  return {of.hidden ? std::string{hidden_value} : of.text};
}

template <class T>
value shown_list(const std::vector<T>& of) {
  value::list items;
  for (const auto& one : of)
    items.push_back(show_value(one));
  return items.empty() ? value{} : value{std::move(items)};
}

template <class T>
bool read_texts(yaml_section& from, std::string_view name, std::vector<T>& into) {
  std::vector<located> texts;
  if (!from.texts(name, texts))
    return false;
  for (auto& text : texts)
    into.push_back(T{std::move(text)});
  return true;
}

/// One list of categories, the only field whose name the user chose.
void read_category_list(yaml_section& section, const yaml_node::member& field, categories& into) {
  auto& reader = section.reader();
  const auto& [key, node] = field;
  into.of = {text_of(reader, *key, "a column")};
  if (node->shape != yaml_node::shape::list || node->items.empty())
    section.report(node->at, "the categories of '" + key->text + "' must be a list, found " + node->description());
  for (const auto* item : node->items) {
    auto category = text_of(reader, *item, "a category of '" + key->text + "'");
    const bool is_text = item->shape == yaml_node::shape::scalar;
    if (is_text && std::find(into.values.begin(), into.values.end(), category.text) != into.values.end())
      section.report(item->at, "category " + item->description() + " of '" + key->text + "' is there twice");
    into.values.push_back(std::move(category.text));
  }
}

std::int64_t bounded(double bound, std::int64_t otherwise) {
  constexpr double exact = 9e15; // a double holds all whole numbers below it
  return std::abs(bound) < exact ? static_cast<std::int64_t>(bound) : otherwise;
}

} // namespace

bool read_value(yaml_section& from, std::string_view name, const limits&, std::string& into) {
  return from.text(name, into);
}

bool read_value(yaml_section& from, std::string_view name, const limits&, located& into) {
  return from.text(name, into);
}

bool read_value(yaml_section& from, std::string_view name, const limits&, topic_name& into) {
  topic_name found;
  if (!from.text(name, found))
    return false;
  check_topic_name(from, found, "topic");
  into = std::move(found);
  return true;
}

bool read_value(yaml_section& from, std::string_view name, const limits&, addresses& into) {
  std::vector<located> found;
  if (!from.texts(name, found))
    return false;
  into = {};
  for (const auto& one : found) {
    if (const auto good = check_addresses(one.text); !good)
      from.report(one.at, explained(good.error()));
    into.text += (into.text.empty() ? "" : ",") + one.text;
  }
  return true;
}

bool read_value(yaml_section& from, std::string_view name, const limits&, std::vector<located>& into) {
  return from.texts(name, into);
}

bool read_value(yaml_section& from, std::string_view name, const limits&, std::vector<column_name>& into) {
  return read_texts(from, name, into);
}

bool read_value(yaml_section& from, std::string_view name, const limits&, std::vector<new_column>& into) {
  return read_texts(from, name, into);
}

bool read_value(yaml_section& from, std::string_view name, const limits&, labelled_columns& into) {
  const auto* node = from.find(name);
  if (node == nullptr)
    return false;
  yaml_section section{from.reader(), *node, std::string{name}};
  section.accept_others();
  for (const auto& [key, text] : section.others())
    if (!text->unresolved)
      into.push_back({text_of(from.reader(), *key, "a label"),
                      {text_of(from.reader(), *text, "the column of '" + key->text + "'")}});
  return true;
}

bool read_value(yaml_section& from, std::string_view name, const limits&, std::vector<std::string>& into) {
  std::vector<located> texts;
  if (!from.texts(name, texts))
    return false;
  for (auto& text : texts)
    into.push_back(std::move(text.text));
  return true;
}

bool read_value(yaml_section& from, std::string_view name, const limits&, named_expressions& into) {
  const auto* node = from.find(name);
  if (node == nullptr)
    return false;
  const auto called = std::string{name} + " step";
  yaml_section section{from.reader(), *node, called};
  section.accept_others();
  for (const auto& [key, expression] : section.others()) {
    const bool is_empty = expression->shape == yaml_node::shape::nothing
                          || (expression->shape == yaml_node::shape::scalar && expression->text.empty());
    if (is_empty)
      from.report(key->at, "'" + key->text + "' in " + called + " needs an expression");
    else if (!expression->unresolved)
      into.push_back({{text_of(from.reader(), *key, "a name")},
                      {text_of(from.reader(), *expression, "the expression of '" + key->text + "'")}});
  }
  return true;
}

bool read_value(yaml_section& from, std::string_view name, const limits&, categories& into) {
  const auto* node = from.find(name);
  if (node == nullptr)
    return false;
  yaml_section section{from.reader(), *node, std::string{name} + " step"};
  section.accept_others();
  section.require("as");
  section.text("as", into.as);
  const auto lists = section.others();
  if (lists.size() == 1)
    read_category_list(section, lists.front(), into);
  else
    section.report(lists.empty() ? node->at : lists[1].key->at,
                   "an " + section.name()
                       + " names one column and its categories, as in { Device: [atm, web], as: device_code }");
  return true;
}

bool read_value(yaml_section& from, std::string_view name, const limits&, bool& into) {
  return from.flag(name, into);
}

bool read_value(yaml_section& from, std::string_view name, const limits& bounds, double& into) {
  double found = 0;
  if (!from.number(name, found, bounds.least))
    return false;
  if (bounds.above_least && found <= bounds.least) {
    from.report(from.find(name)->at, from.called(name) + " must be greater than " + shown_number(bounds.least));
    return false;
  }
  if (found > bounds.most) {
    from.report(from.find(name)->at, from.called(name) + " must be a number of at most " + shown_number(bounds.most));
    return false;
  }
  into = found;
  return true;
}

bool read_value(yaml_section& from, std::string_view name, const limits& bounds, milliseconds& into) {
  return from.duration(name, into, milliseconds{bounded(bounds.least, 0)},
                       milliseconds{bounded(bounds.most, milliseconds::max().count())});
}

bool read_value(yaml_section& from, std::string_view name, const limits& bounds, byte_size& into) {
  return from.size(name, into.bytes, static_cast<std::uint64_t>(bounded(bounds.least, 0)));
}

bool read_value(yaml_section& from, std::string_view name, const limits&, std::map<std::string, std::string>& into) {
  const auto* node = from.find(name);
  if (node == nullptr)
    return false;
  yaml_section section{from.reader(), *node, std::string{name}};
  section.accept_others();
  for (const auto& [key, text] : section.others())
    if (!text->unresolved)
      into.emplace(key->text, text_of(from.reader(), *text, "property '" + key->text + "'").text);
  return true;
}

std::optional<std::int64_t> read_integer(yaml_section& from, std::string_view name, const limits& bounds,
                                         std::int64_t least, std::int64_t most) {
  std::int64_t found = 0;
  if (!from.integer(name, found, bounded(bounds.least, least), bounded(bounds.most, most)))
    return std::nullopt;
  return found;
}

bool read_section(yaml_section& from, std::string_view name, const section_info& of, void* settings) {
  const auto* node = from.find(name);
  if (node == nullptr)
    return false;
  yaml_section section{from.reader(), *node, std::string{of.name}};
  read_fields(section, of.fields, settings);
  return true;
}

void read_fields(yaml_section& from, std::span<const field_info> fields, void* settings) {
  for (const auto& field : fields)
    field.read(from, field, settings);
}

value show_value(const std::string& of) {
  return of.empty() ? value{} : value{of};
}
value show_value(const located& of) {
  return shown(of);
}
value show_value(const topic_name& of) {
  return of.text.empty() ? value{} : value{of.text};
}
value show_value(const addresses& of) {
  return of.text.empty() ? value{} : value{of.text};
}
value show_value(const std::vector<located>& of) {
  return shown_list(of);
}
value show_value(const std::vector<column_name>& of) {
  return shown_list(of);
}
value show_value(const std::vector<new_column>& of) {
  return of.size() == 1 ? shown(of.front()) : shown_list(of);
}

value show_value(const labelled_columns& of) {
  value::mapping all;
  for (const auto& [label, name] : of)
    all.emplace_back(label.hidden ? hidden_value : label.text, shown(name));
  return {std::move(all)};
}

value show_value(const std::vector<std::string>& of) {
  return shown_list(of);
}

value show_value(const named_expressions& of) {
  value::mapping all;
  for (const auto& [name, expression] : of)
    all.emplace_back(name.hidden ? hidden_value : name.text, shown(expression));
  return {std::move(all)};
}

value show_value(const categories& of) {
  value::mapping all;
  all.emplace_back(of.of.hidden ? hidden_value : of.of.text, show_value(of.values));
  all.emplace_back("as", shown(of.as));
  return {std::move(all)};
}

value show_value(bool of) {
  return {of};
}
value show_value(double of) {
  return {of};
}
value show_value(milliseconds of) {
  return {duration_text(of)};
}
value show_value(byte_size of) {
  return {size_text(of)};
}

value show_value(const std::map<std::string, std::string>& of) {
  value::mapping all;
  for (const auto& [name, text] : of)
    all.emplace_back(name, value{std::string{hidden_value}});
  return all.empty() ? value{} : value{std::move(all)};
}

value show_section(std::span<const field_info> fields, const void* settings) {
  return {show_fields(fields, settings)};
}

value::mapping show_fields(std::span<const field_info> fields, const void* settings) {
  value::mapping all;
  for (const auto& field : fields)
    if (auto shown = field.show(settings); !shown.is_nothing())
      all.emplace_back(std::string{field.name}, std::move(shown));
  return all;
}

} // namespace weir::config
