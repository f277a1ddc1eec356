#pragma once

#include "cli/command_line.hpp"

namespace weir::cli {

/// Logs go to standard error, for people. To be called before anything is logged.
void begin_logging();

/// Declares `--log-level` and `--log-format` for all verbs. What is chosen holds for the processes that a verb starts,
/// too: they find it in the environment.
void declare_log_options(arguments& all);

} // namespace weir::cli
