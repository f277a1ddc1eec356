#pragma once

#include "core/drift/shape_moments.hpp"
#include "core/drift/test_result.hpp"

namespace weir::core {

struct welch_result : test_result { ///< the statistic is t, below 0 where the window's mean is the larger one
  double degrees_of_freedom = 0;
  double cohens_d = 0; ///< the difference of means (reference less window) in pooled standard deviations
  double hedges_g = 0; ///< the same without the bias of small samples
};

/// Welch's test whether two samples have the same mean, two-sided, without the same variance, as scipy's ttest_ind has
/// it with equal_var=False. Of means alone: with a heavy tail it needs many values. Without two values in each p is 1;
/// without any spread p is 0 where the means differ, else 1.
welch_result welch(const shape_moments& reference, const shape_moments& window);

} // namespace weir::core
