#pragma once

#include "config/pipeline.hpp"
#include "core/base/result.hpp"

#include <initializer_list>
#include <string>
#include <utility>

namespace weir::config {

/// Where in the file, and how, to say what core found wrong with an expression or a summary. A text that holds a value
/// from the environment or a file is not quoted.
std::pair<position, std::string> explain(const located& text, const core::error& e);

/// The text of `rule` that core::alert_rule::bind() complains about.
const located& alert_part(const alert_rule& rule, const core::error& e);

/// `message` without the values of `texts` that come from the environment or a file.
std::string without_secrets(std::string message, std::initializer_list<const located*> texts);

} // namespace weir::config
