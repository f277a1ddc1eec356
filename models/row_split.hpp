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

/// As many parts as `folds`, by hash as above; each tests once, while all others learn (k-fold cross-validation).
/// @pre 2 <= folds <= rows
std::vector<row_split> fold_by_hash(std::span<const std::uint64_t> hashes, std::span<const double> classes,
                                    std::size_t folds, std::uint64_t seed);

/// The same by time, where nothing may learn from what is newer than what it tests: of folds + 1 parts each but the
/// first tests once, while those before it learn (scikit-learn's TimeSeriesSplit).
/// @pre 2 <= folds < rows
std::vector<row_split> fold_by_time(std::span<const double> times, std::span<const std::uint64_t> hashes,
                                    std::size_t folds);

} // namespace weir::models
