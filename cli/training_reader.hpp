#pragma once

#include "cli/training_rows.hpp"
#include "config/training.hpp"
#include "core/base/result.hpp"

#include <functional>

namespace weir::cli {

/// Gives a training without a schema the one that its CSV files show: a column in which all values are numbers, or
/// truth values, is of these, any other a text.
core::result<void> guess_schema(config::training& of);

/// Reads all data of a training, block by block, through the steps that a pipeline runs.
/// @param keep_going asked between blocks; false: the reading fails
core::result<training_rows> read_training_rows(const config::training& of, const std::function<bool()>& keep_going);

} // namespace weir::cli
