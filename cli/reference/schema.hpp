#pragma once

#include "config/catalogue.hpp"

#include <string>

namespace weir::cli {

/// A JSON Schema (draft 7) of pipeline files, for editors: what they may hold, with the help of every field. What a
/// schema cannot say (names of columns, expressions, guarantees) `weir validate` checks.
std::string json_schema(const config::catalogue& kinds);

} // namespace weir::cli
