#pragma once

#include <string>
#include <vector>

namespace weir::cli {

/// Prints columns of text, as wide as they need to be.
void print_columns(const std::vector<std::vector<std::string>>& rows, const char* indent);

} // namespace weir::cli
