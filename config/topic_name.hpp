#pragma once

#include "config/yaml_reader.hpp"

#include <string>

namespace weir::config {

/// Reports a name that Kafka does not take for a topic: letters, digits, `.`, `_` and `-`; at most 249 of them, less
/// `reserved` for a suffix.
void check_topic_name(yaml_section& section, const located& name, const std::string& what, std::size_t reserved = 0);

} // namespace weir::config
