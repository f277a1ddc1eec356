#pragma once

#include "config/value_types.hpp"
#include "core/base/result.hpp"

#include <string>
#include <utility>
#include <vector>

namespace weir::config {

/// Where in the file, and how, to say what core found wrong with an expression or a summary. A text that holds a value
/// from the environment or a file is not quoted.
std::pair<position, std::string> explain(const located& text, const core::error& e);

/// An error without a place, and its remedy.
std::string explained(const core::error& e);

/// The name of a column as messages say it: `this column` where it holds a value from the environment or a file.
std::string shown_column(const located& name);

/// `message` without the values of `texts` that come from the environment or a file.
std::string without_secrets(std::string message, const std::vector<const located*>& texts);

} // namespace weir::config
