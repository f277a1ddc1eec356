#include "config/parse_sections.hpp"
#include "config/sections.hpp"

namespace weir::config {

void parse_settings(yaml_section& top, pipeline& into) {
  read_fields(top, top_fields(), &into);
  for (const auto& [name, fields] : settings_sections())
    if (const auto* node = top.find(name)) {
      yaml_section section{top.reader(), *node, std::string{name}};
      read_fields(section, fields, &into);
      if (const auto* chosen = name == "processing" ? section.find("guarantee") : nullptr)
        into.processing.at = chosen->at;
    }
}

} // namespace weir::config
