#pragma once

#include "models/evaluation.hpp"

#include <cstdint>
#include <span>
#include <vector>

// Ways to deal rows out that depend on the rows themselves, and not on the order in which they came: so the same data
// makes the same model, however its partitions were read. Parts are as large as split_rows() has them.

namespace weir::models {

/// How large the parts are.
struct part_sizes {
  double test = 0;
  double holdout = 0; ///< both together < 1
};

/// At random, by a hash of each row's values. As rows are added, a row keeps its part unless it is at an edge of one.
/// @param classes of each row; then each class has its share in each part; empty: there are none
/// @param seed another one deals in another way
row_split split_by_hash(std::span<const std::uint64_t> hashes, std::span<const double> classes, part_sizes sizes,
                        std::uint64_t seed);

/// By time: the oldest rows learn, later ones test, the newest are held. Of rows of one time the hash decides.
/// @pre no time is NaN
row_split split_by_time(std::span<const double> times, std::span<const std::uint64_t> hashes, part_sizes sizes);

} // namespace weir::models
