#pragma once

#include <vector>

namespace weir::models {

/// What a linear model learned: it says `coefficients x + intercept`.
struct linear_fit {
  std::vector<double> coefficients; ///< by feature
  double intercept = 0;
};

} // namespace weir::models
