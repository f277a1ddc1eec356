#pragma once

#include "cli/command_line.hpp"
#include "core/format/formats.hpp"

#include <span>
#include <string>

namespace weir::cli {

/// Adds `--format`: the name of one of `choices`, or an extension of its files without the dot (`ndjson`). Without the
/// option `into` stays as it is; it must outlive the parse.
void add_format_option(arguments& verb, const core::format_kind*& into,
                       std::span<const core::format_kind* const> choices, const std::string& help);

} // namespace weir::cli
