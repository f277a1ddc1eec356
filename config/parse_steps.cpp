#include "config/parse_sections.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <string_view>

namespace weir::config {

namespace {

constexpr std::string_view list_of_all = "steps";

std::vector<step_ptr> read_list(yaml_section& top, std::string_view section,
                                std::span<const step_family* const> families) {
  std::vector<step_ptr> steps;
  const auto* node = top.find(section);
  if (node == nullptr)
    return steps;
  if (node->shape != yaml_node::shape::list)
    top.report(node->at, "'" + std::string{section} + "' must be a list, found " + node->description());
  for (const auto* item : node->items)
    if (auto step = read_step(top.reader(), *item, families))
      steps.push_back(std::move(step));
  return steps;
}

bool reads_one_of(const step& model, const std::vector<step_ptr>& aggregates) {
  std::set<std::string> made;
  for (const auto& step : aggregates)
    for (const auto& name : step->made_columns())
      made.insert(name.text);
  const auto inputs = model.used_columns();
  return inputs.empty() // those that the file names, whatever they are
         || std::ranges::any_of(inputs, [&](const auto& input) { return made.contains(input.text); });
}

} // namespace

std::vector<step_ptr> parse_section(yaml_section& top, const step_family& family) {
  const std::array families{&family};
  return read_list(top, family.section, families);
}

void parse_steps(yaml_section& top, const catalogue& kinds, pipeline& into) {
  const auto families = step_families(kinds);
  if (const auto* list = top.find(list_of_all)) {
    into.lists_steps = true;
    for (const auto* family : families)
      if (const auto* own = top.find(family->section))
        top.report(own->at, "a pipeline has either 'steps' or '" + std::string{family->section}
                                + "': move these into the list in line " + std::to_string(list->at.line));
    into.steps = read_list(top, list_of_all, families);
    return;
  }
  std::array<std::vector<step_ptr>, families.size()> sections;
  for (std::size_t i = 0; i < families.size(); ++i)
    sections[i] = parse_section(top, *families[i]);
  auto& [preprocess, aggregate, infer, detect, drift] = sections;
  if (!std::ranges::any_of(infer, [&](const step_ptr& model) { return reads_one_of(*model, aggregate); }))
    std::swap(aggregate, infer);
  for (auto& section : sections)
    std::ranges::move(section, std::back_inserter(into.steps));
}

} // namespace weir::config
