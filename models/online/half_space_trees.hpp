#pragma once

#include "models/online/outlier_learner.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir::models::online {

/// From the least to the largest value of an input.
struct input_range {
  double low = 0;
  double high = 1; ///< above low, both finite
};

/// Names are river's and those of the paper.
struct half_space_options {
  std::uint32_t n_trees = 25;
  std::uint32_t height = 15;         ///< levels below the root; max_half_space_height at most
  std::uint32_t window_size = 250;   ///< rows whose mass a tree knows
  std::vector<input_range> limits{}; ///< as many as inputs, or none: learned from the rows
  std::uint64_t seed = 1;            ///< of all that is random: the same rows make the same trees
};

inline constexpr std::uint32_t max_half_space_height = 30;
inline constexpr std::uint32_t max_half_space_window = 16384;

/// A node of a tree of full height, which is in the order of the levels: the children of node i are 2i + 1 and 2i + 2.
struct half_space_split {
  std::uint32_t input = 0;
  double threshold = 0; ///< below it the left one follows
};

/// Half-space trees (Tan, Ting and Liu 2011): trees that halve the space of the inputs whatever the rows are, and know
/// how many rows of a window fell into each part. Where few are, a row is unusual. A part with few rows is not halved.
///
/// Without limits each tree has ranges of its own: those of the rows that it is grown from and up to a fifth more on
/// either side, at random. Trees are grown anew in turn, each every four windows, from the rows of the latest one. So
/// the ranges follow a stream whose scale changes within four windows. The farther a value is outside of what the
/// latest window had, the more unusual it is; so is each other value of an input that was always the same. The score is
/// 2^(-level / log2(window_size)) where a level counts halvings and the logarithm of the mass: 0.5 is what a row has
/// where rows are spread evenly, and the mean over the trees is one of levels, which one tree of a dense part does not
/// decide alone.
///
/// With limits all is as in river's HalfSpaceTrees: ranges are given and do not change, all trees learn the mass of the
/// same window, and the score is one minus the sum of masses, each times two to its level, over all that it could be.
/// It comes near 1 for all rows where trees are high. A value outside of the limits counts as the one at the edge.
/// Thresholds are kept from the edges of a part as river does; an input is chosen by how much of its range is left.
/// Masses are summed in single precision: exactly as long as window_size times 2^(height + 1) is below 2^24, else to
/// 1e-7.
///
/// Warms up for window_size rows. State: the rows of a window and 7 KB a tree. Never fails; options out of their ranges
/// are taken to them.
/// @param inputs 1 to 65535
outlier_learner_ptr half_space_trees(std::size_t inputs, const half_space_options& how);

/// The same with all splits given, of tree after tree, each 2^height - 1 of them: to say what another implementation
/// says. @pre limits are given; there are n_trees times 2^height - 1 splits, of inputs that there are, all finite
outlier_learner_ptr half_space_trees(std::size_t inputs, const half_space_options& how,
                                     std::vector<half_space_split> splits);

} // namespace weir::models::online
