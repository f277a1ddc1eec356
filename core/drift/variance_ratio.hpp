#pragma once

#include "core/drift/shape_moments.hpp"
#include "core/drift/test_result.hpp"

#include <span>

namespace weir::core {

/// Whether two samples have the same variance, two-sided, by the ratio reference / window and the F distribution whose
/// degrees of freedom are corrected for the kurtosis of both together (Shoemaker 2003): of moments alone, and far less
/// misled by heavy tails than the plain F test, though with few values of such a kind it still tells too often that
/// there is a change. Without two values in each, or without any spread, p is 1; where one alone has spread, 0.
test_result variance_ratio(const shape_moments& reference, const shape_moments& window);

/// The test of Brown and Forsythe (1974) of the same: Levene's on deviations from medians, as scipy's levene has it by
/// default. Robust, and needs the samples. @param reference,window finite, in any order, three values in each at least
test_result brown_forsythe(std::span<const double> reference, std::span<const double> window);

} // namespace weir::core
