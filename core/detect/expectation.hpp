#pragma once

namespace weir::core {

/// What an expert expects of the next value.
struct expectation {
  double value = 0;
  double spread = 0; ///< mean absolute deviation, or what the expert has in its place; 0: nothing else was seen
};

} // namespace weir::core
