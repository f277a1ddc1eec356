#pragma once

#include "core/base/result.hpp"
#include "models/training_data.hpp"

namespace weir::models {

/// Whether there is something to learn a target of numbers from: check() and check_nothing_is_missing() hold, and the
/// target are no classes.
core::result<void> check_values(const training_data& data);

/// Whether there is something to learn classes from: check() and check_nothing_is_missing() hold, and there are at
/// least two classes, each with a row whose weight is not 0.
core::result<void> check_classes(const training_data& data);

} // namespace weir::models
