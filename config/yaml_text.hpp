#pragma once

#include "config/value.hpp"

#include <string>

namespace weir::config {

/// A value on one line, as YAML: `{zscore: Amount, threshold: 3, as: anomaly}`.
std::string yaml_line(const value& of);

/// A mapping as a YAML document: its sections in blocks, what stands in a list or two levels down on one line.
std::string yaml_text(const value::mapping& of);

} // namespace weir::config
