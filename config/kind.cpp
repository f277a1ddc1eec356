#include "config/kind.hpp"

#include <algorithm>

namespace weir::config {

namespace {

bool has_field(const step_kind& kind, std::string_view name) {
  return std::any_of(kind.fields.begin(), kind.fields.end(), [&](const field_info& f) { return f.name == name; });
}

bool has_member(const yaml_node& item, std::string_view name) {
  return std::any_of(item.members.begin(), item.members.end(),
                     [&](const yaml_node::member& member) { return member.key->text == name; });
}

/// The kinds that a step may be of, at its place in a file.
class choice_of_kinds {
public:
  explicit choice_of_kinds(std::span<const step_family* const> families) : families_{families} {
    for (const auto* family : families)
      kinds_.insert(kinds_.end(), family->kinds.begin(), family->kinds.end());
  }

  const std::vector<const step_kind*>& all() const noexcept { return kinds_; }

  const step_family& family_of(const step_kind& kind) const {
    return **std::ranges::find_if(families_, [&](const step_family* family) {
      return std::ranges::find(family->kinds, &kind) != family->kinds.end();
    });
  }

  /// What messages call a step of which nobody knows the kind.
  std::string noun() const { return families_.size() == 1 ? std::string{families_.front()->noun} : "step"; }

  /// The kinds whose names stand in `item`, without those that are there as an option of another one. A name that may
  /// be such an option says nothing when there is a field that nobody knows: that one is most likely the kind,
  /// misspelt.
  std::vector<const step_kind*> named_in(const yaml_node& item) const {
    const bool has_unknown =
        std::ranges::any_of(item.members, [&](const yaml_node::member& member) { return !is_known(member.key->text); });
    std::vector<const step_kind*> found;
    for (const auto* kind : kinds_)
      if (has_member(item, kind->name) && !(has_unknown && is_option_elsewhere(*kind)))
        found.push_back(kind);
    const auto all = found;
    std::erase_if(found, [&](const step_kind* kind) {
      return std::ranges::any_of(
          all, [&](const step_kind* other) { return other != kind && has_field(*other, kind->name); });
    });
    return found;
  }

  /// The kinds that have a field of that name: two of them, where there are many. Empty: none.
  std::string owners_of(std::string_view field) const {
    std::vector<std::string> names;
    for (const auto* kind : kinds_)
      if (has_field(*kind, field))
        names.emplace_back(kind->name);
    if (names.size() < 2)
      return names.empty() ? std::string{} : names.front();
    return names.size() == 2 ? names[0] + " and " + names[1] : names[0] + ", " + names[1] + " and others";
  }

private:
  bool is_option_elsewhere(const step_kind& kind) const {
    return std::ranges::any_of(kinds_,
                               [&](const step_kind* other) { return other != &kind && has_field(*other, kind.name); });
  }

  bool is_known(std::string_view field) const {
    return std::ranges::any_of(kinds_, [&](const step_kind* kind) { return has_field(*kind, field); });
  }

  std::span<const step_family* const> families_;
  std::vector<const step_kind*> kinds_;
};

/// Says of the fields that another kind has to whom they belong.
void report_strays(yaml_section& section, const step_kind& kind, const choice_of_kinds& kinds) {
  for (const auto& [key, node] : section.others()) {
    const auto owners = kinds.owners_of(key->text);
    if (owners.empty())
      continue;
    const auto* value = section.find(key->text);
    section.report(value != nullptr ? value->at : key->at,
                   "'" + key->text + "' does not belong to a " + std::string{kind.name} + " "
                       + std::string{kinds.family_of(kind).noun} + ", but to " + owners);
  }
}

} // namespace

std::string step::text_of(std::string_view field) const {
  for (const auto& [name, shown] : show())
    if (const auto* text = std::get_if<std::string>(&shown.data); text != nullptr && name == field)
      return *text;
  return {};
}

step_ptr read_step(yaml_reader& reader, const yaml_node& item, std::span<const step_family* const> families) {
  const choice_of_kinds kinds{families};
  const auto found = kinds.all().size() == 1 ? kinds.all() : kinds.named_in(item);
  if (found.size() == 1) {
    const auto& kind = *found.front();
    const auto& family = kinds.family_of(kind);
    const std::string noun{family.noun};
    yaml_section section{reader, item, noun};
    auto made =
        kind.read(kind, {noun.ends_with(" step") ? std::string{kind.name} + " step" : noun, family.section}, section);
    report_strays(section, kind, kinds);
    return made;
  }
  yaml_section section{reader, item, kinds.noun()};
  std::vector<std::string> names;
  for (const auto* kind : kinds.all()) {
    for (const auto& field : kind->fields)
      section.find(field.name);
    if (found.empty() || std::find(found.begin(), found.end(), kind) != found.end())
      names.emplace_back(kind->name);
  }
  section.one_of(names);
  return nullptr;
}

} // namespace weir::config
