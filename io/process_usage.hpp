#pragma once

#include "core/stats/metrics_text.hpp"

namespace weir::io {

/// What this process has taken of the machine until now. What the system does not tell stays 0.
core::process_usage read_process_usage();

} // namespace weir::io
