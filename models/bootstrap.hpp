#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace weir::models {

struct interval {
  double low = 0;
  double high = 0;
};

/// 95 % intervals of what is measured on rows, by the bootstrap (Efron 1979): each sample draws as many rows with
/// replacement, and the interval goes from the 2.5th to the 97.5th percentile of what the samples give, interpolated
/// linearly. A sample that gives NaN does not count; where none counts both ends are NaN. The same seed gives the same.
/// @param measure as many numbers for each sample as `measures`
std::vector<interval> bootstrap(std::size_t rows, std::size_t samples, std::uint64_t seed, std::size_t measures,
                                const std::function<std::vector<double>(std::span<const std::size_t>)>& measure);

} // namespace weir::models
