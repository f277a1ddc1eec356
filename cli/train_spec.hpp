#pragma once

#include "cli/exit_code.hpp"
#include "cli/train.hpp"
#include "config/training.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace weir::cli {

/// Whether the argument of `weir train` is a training file, and not data.
bool is_training_file(std::string_view path);

/// What the report of a training shows of its options.
train_options options_of(const config::training& of);

/// Reads the data, learns, measures and delivers, once.
/// @param keep_going asked while data is read; false: it fails
core::result<train_report> train(const config::training& of, const std::function<bool()>& keep_going);

/// What `weir train` does with such a file: once, or every so often until a signal ends it.
/// @param format `table` or `json` @param once whatever the file says
exit_code run_training_file(const std::string& path, const std::string& format, bool once);

} // namespace weir::cli
