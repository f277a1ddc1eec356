#include "config/kind.hpp"

#include <algorithm>

namespace weir::config {

namespace {

bool has_field(const step_kind& kind, std::string_view name) {
  return std::any_of(kind.fields.begin(), kind.fields.end(), [&](const field_info& f) { return f.name == name; });
}

/// Whether another kind has an option of this kind's name.
bool is_option_elsewhere(const step_kind& kind, const step_family& family) {
  return std::any_of(family.kinds.begin(), family.kinds.end(),
                     [&](const step_kind* other) { return other != &kind && has_field(*other, kind.name); });
}

bool has_member(const yaml_node& item, std::string_view name) {
  return std::any_of(item.members.begin(), item.members.end(),
                     [&](const yaml_node::member& member) { return member.key->text == name; });
}

bool is_known(const step_family& family, std::string_view field) {
  return std::any_of(family.kinds.begin(), family.kinds.end(),
                     [&](const step_kind* kind) { return has_field(*kind, field); });
}

/// The kinds whose names stand in `item`, without those that are there as an option of another one. A name that may be
/// such an option says nothing when there is a field that nobody knows: that one is most likely the kind, misspelt.
std::vector<const step_kind*> kinds_in(const yaml_node& item, const step_family& family) {
  const bool has_unknown = std::any_of(item.members.begin(), item.members.end(), [&](const yaml_node::member& member) {
    return !is_known(family, member.key->text);
  });
  std::vector<const step_kind*> found;
  for (const auto* kind : family.kinds)
    if (has_member(item, kind->name) && !(has_unknown && is_option_elsewhere(*kind, family)))
      found.push_back(kind);
  const auto all = found;
  std::erase_if(found, [&](const step_kind* kind) {
    return std::any_of(all.begin(), all.end(),
                       [&](const step_kind* other) { return other != kind && has_field(*other, kind->name); });
  });
  return found;
}

/// The kinds that have a field of that name: two of them, where there are many. Empty: none.
std::string owners_of(std::string_view field, const step_family& family) {
  std::vector<std::string> names;
  for (const auto* kind : family.kinds)
    if (has_field(*kind, field))
      names.emplace_back(kind->name);
  if (names.size() < 2)
    return names.empty() ? std::string{} : names.front();
  return names.size() == 2 ? names[0] + " and " + names[1] : names[0] + ", " + names[1] + " and others";
}

/// Says of the fields that another kind has to whom they belong.
void report_strays(yaml_section& section, const step_kind& kind, const step_family& family) {
  for (const auto& [key, node] : section.others()) {
    const auto owners = owners_of(key->text, family);
    if (owners.empty())
      continue;
    const auto* value = section.find(key->text);
    section.report(value != nullptr ? value->at : key->at, "'" + key->text + "' does not belong to a "
                                                               + std::string{kind.name} + " " + std::string{family.noun}
                                                               + ", but to " + owners);
  }
}

} // namespace

std::string step::text_of(std::string_view field) const {
  for (const auto& [name, shown] : show())
    if (const auto* text = std::get_if<std::string>(&shown.data); text != nullptr && name == field)
      return *text;
  return {};
}

step_ptr read_step(yaml_reader& reader, const yaml_node& item, const step_family& family) {
  yaml_section section{reader, item, std::string{family.noun}};
  const auto found = family.kinds.size() == 1 ? std::vector{family.kinds.front()} : kinds_in(item, family);
  if (found.size() == 1) {
    const auto& kind = *found.front();
    const std::string noun{family.noun};
    auto made = kind.read(kind, noun.ends_with(" step") ? std::string{kind.name} + " step" : noun, section);
    report_strays(section, kind, family);
    return made;
  }
  std::vector<std::string> names;
  for (const auto* kind : family.kinds) {
    for (const auto& field : kind->fields)
      section.find(field.name);
    if (found.empty() || std::find(found.begin(), found.end(), kind) != found.end())
      names.emplace_back(kind->name);
  }
  section.one_of(names);
  return nullptr;
}

} // namespace weir::config
