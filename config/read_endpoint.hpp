#pragma once

#include "config/endpoint.hpp"
#include "config/yaml_reader.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace weir::config {

/// Reads a kind from its fields, or from the one text that stands for the first of them.
template <class Kind>
auto read_settings(yaml_section& section, const Kind& kind, const yaml_node& node) {
  const auto called = std::string{kind.name} + " " + section.name();
  auto& reader = section.reader();
  if (!kind.has_short_form || node.shape != yaml_node::shape::scalar) {
    yaml_section settings{reader, node, called};
    return kind.read(kind, settings);
  }
  using made = decltype(kind.read(kind, section));
  if (node.text.empty()) {
    reader.report(node.at, "'" + std::string{kind.name} + "' in " + section.name() + " must not be empty");
    return made{};
  }
  yaml_node name;
  name.shape = yaml_node::shape::scalar;
  name.at = node.at;
  name.text = kind.fields.front().name;
  yaml_node whole;
  whole.shape = yaml_node::shape::mapping;
  whole.at = node.at;
  whole.members = {{&name, &node}};
  yaml_section settings{reader, whole, called};
  return kind.read(kind, settings);
}

/// The source or sink that `section` names by one of `kinds`. What is wrong is reported; null when there is none.
template <class Kind>
auto read_endpoint(yaml_section& section, std::span<const Kind* const> kinds)
    -> decltype(kinds.front()->read(*kinds.front(), section)) {
  std::vector<std::string> names;
  for (const auto* kind : kinds)
    names.emplace_back(kind->name);
  const auto* found = section.one_of(names);
  if (found == nullptr || found->value->unresolved)
    return nullptr;
  for (const auto* kind : kinds)
    if (kind->name == found->key->text)
      return read_settings(section, *kind, *found->value);
  return nullptr;
}

} // namespace weir::config
