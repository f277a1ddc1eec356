#pragma once

#include <cstdint>
#include <span>

namespace weir::core {

/// The Jensen-Shannon distance of two histograms over the same bins or categories: the root of the divergence, base 2,
/// from 0, the same shares, to 1, nothing in common; scipy's spatial.distance.jensenshannon. 0 where one has nothing
/// in it. @param reference,window counts, as many as there are bins
double jensen_shannon(std::span<const std::uint64_t> reference, std::span<const std::uint64_t> window) noexcept;

/// The share of the mass that lies elsewhere, from 0 to 1 (total variation distance): half the sum of |p - q|.
double total_variation(std::span<const std::uint64_t> reference, std::span<const std::uint64_t> window) noexcept;

} // namespace weir::core
