#pragma once

#include "cli/drift_report.hpp"

#include <string>

namespace weir::cli {

/// What a report says as a page of HTML that needs nothing beside it: each column's distributions before and after, the
/// worst first, and what each method says.
std::string drift_page(const drift_report& of);

} // namespace weir::cli
