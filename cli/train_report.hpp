#pragma once

#include "cli/train.hpp"

namespace weir::cli {

/// On standard output, as a person reads it, with the steps that a pipeline needs before the model.
void print_table(const train_options& options, const train_report& report);

/// The same as a JSON object.
void print_json(const train_options& options, const train_report& report);

} // namespace weir::cli
