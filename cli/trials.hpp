#pragma once

#include "cli/train.hpp"
#include "config/training.hpp"
#include "core/base/result.hpp"
#include "models/evaluation.hpp"
#include "models/training_data.hpp"

#include <functional>
#include <vector>

namespace weir::cli {

/// Learns with what is to be tried, the options of the training alone or those of its search over them, from each
/// split, and measures. Nothing is tried twice. The best one is first; of equal ones that which was tried earlier.
/// @param keep_going asked before each training; false: it fails
core::result<std::vector<trial>> run_trials(const config::training& of, const models::training_data& data,
                                            const std::vector<models::row_split>& splits,
                                            const std::function<bool()>& keep_going);

} // namespace weir::cli
