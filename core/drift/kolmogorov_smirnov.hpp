#pragma once

#include "core/drift/quantile_sketch.hpp"

#include <cstdint>
#include <span>

namespace weir::core {

/// The largest distance between the empirical distribution functions of two samples: the statistic D of
/// Kolmogorov and Smirnov. @param one,other in ascending order, finite, of one value at least
double kolmogorov_smirnov_distance(std::span<const double> one, std::span<const double> other) noexcept;

/// The same between sketches; 0 where one is empty. It is wrong by at most the sum of what their ranks can be wrong by:
/// nothing while both hold all their values, else quantile_sketch::all_ranks_error of each.
double kolmogorov_smirnov_distance(const quantile_view& one, const quantile_view& other) noexcept;

/// How probable a distance D of at least that is between two samples of one continuous distribution (two-sided).
/// Exact, by counting lattice paths, where the product of sizes is at most `most_paths`, by default where scipy's
/// ks_2samp is exact, too (0.2 s at worst); else of one sample of n m / (n + m) values against the distribution, as
/// ks_2samp has it: by Smirnov's sum (1944) in the tail, by the expansion of Pelz and Good (1976) in front of it, which
/// is right to 1e-4 or better. Where values repeat the test is conservative: p is too large, if anything.
/// @param n,m sizes of the samples, 1 at least
double kolmogorov_smirnov_p_value(double distance, std::uint64_t n, std::uint64_t m, double most_paths = 1e8);

} // namespace weir::core
