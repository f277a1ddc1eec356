#pragma once

namespace weir::core {

/// What a statistical test says of a reference and a window.
struct test_result {
  double statistic = 0;
  double p_value = 1; ///< how probable such a statistic, or one further out, is where nothing has changed
};

} // namespace weir::core
