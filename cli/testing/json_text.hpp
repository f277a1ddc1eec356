#pragma once

#include "config/yaml_document.hpp"

#include <string>

namespace weir::cli {

/// A value of a YAML file as JSON: what is not in quotes and is a number, true, false or null is that, else it is a
/// text.
std::string json_of(const config::yaml_node& node);

} // namespace weir::cli
