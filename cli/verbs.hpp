#pragma once

#include "cli/exit_code.hpp"

#include <CLI/CLI.hpp>

namespace weir::cli {

// Each adds one verb to the command line. When that verb is chosen it runs as soon as its options are parsed, and
// leaves what it ended with in `code`, which must outlive the parsing.

void register_run(CLI::App& app, exit_code& code);
void register_node(CLI::App& app, exit_code& code);
void register_up(CLI::App& app, exit_code& code);
void register_validate(CLI::App& app, exit_code& code);
void register_generate(CLI::App& app, exit_code& code);
void register_produce(CLI::App& app, exit_code& code);
void register_consume(CLI::App& app, exit_code& code);
void register_status(CLI::App& app, exit_code& code);
void register_ctl(CLI::App& app, exit_code& code);
void register_train(CLI::App& app, exit_code& code);
void register_demo(CLI::App& app, exit_code& code);

} // namespace weir::cli
