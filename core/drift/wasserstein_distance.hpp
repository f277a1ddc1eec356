#pragma once

#include "core/drift/quantile_sketch.hpp"

#include <span>

namespace weir::core {

/// The first Wasserstein distance, or earth mover's: the area between the distribution functions, in the values' unit,
/// as scipy's wasserstein_distance has it. @param one,other ascending, finite, of one value at least
double wasserstein_distance(std::span<const double> one, std::span<const double> other) noexcept;

/// The same between sketches: wrong by at most the sum of their errors in rank times the range of the values. 0 where
/// one is empty. @param one,other of finite values
double wasserstein_distance(const quantile_view& one, const quantile_view& other) noexcept;

} // namespace weir::core
