#pragma once

#include "config/diagnostic.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace weir::cli {

inline constexpr std::size_t most_problems = 50;

/// Problems of configuration files as a person reads them: what is wrong, and below it the line of the file with a
/// caret under the place. Files are read again for their lines; one that is not there any more has none.
/// Of very many the first most_problems alone.
/// @param in_colour for a terminal
std::string problem_text(const std::vector<config::diagnostic>& problems, bool in_colour);

} // namespace weir::cli
