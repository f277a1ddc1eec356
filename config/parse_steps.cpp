#include "config/parse_sections.hpp"

namespace weir::config {

void parse_steps(yaml_section& top, const step_family& family, std::vector<step_ptr>& into) {
  const auto* node = top.find(family.section);
  if (node == nullptr)
    return;
  if (node->shape != yaml_node::shape::list)
    top.report(node->at, "'" + std::string{family.section} + "' must be a list, found " + node->description());
  for (const auto* item : node->items)
    if (auto step = read_step(top.reader(), *item, family))
      into.push_back(std::move(step));
}

} // namespace weir::config
