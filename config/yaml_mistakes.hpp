#pragma once

#include "config/diagnostic.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace weir::config {

/// Where and how to say that a text is not YAML: the usual mistake that stands there, or what the parser says.
/// @param at where the parser has stopped
std::pair<position, std::string> explain_yaml(std::string_view text, position at, const std::string& said);

} // namespace weir::config
