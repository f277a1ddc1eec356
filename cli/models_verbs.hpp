#pragma once

#include "cli/command_line.hpp"

namespace weir::cli {

/// Verbs of `weir models` that look at the models of a registry: list, log.
void declare_registry_views(arguments& verb);

/// Those that change them: add, promote, rollback, unalias.
void declare_registry_changes(arguments& verb);

/// Those that put two models beside each other: compare, diff.
void declare_comparisons(arguments& verb);

} // namespace weir::cli
