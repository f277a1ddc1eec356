#pragma once

#include "models/online/outlier_learner.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::models::online {

struct random_cut_options {
  std::uint32_t n_trees = 50;
  std::uint32_t sample_size = 256;  ///< rows that a tree holds; from 2 to max_random_cut_samples
  std::uint32_t window_size = 2048; ///< how many rows a row stays in a tree on the mean; sample_size at least
  std::uint64_t seed = 1;           ///< of all that is random: the same rows make the same trees
};

inline constexpr std::uint32_t max_random_cut_samples = 4096;

/// A robust random cut forest (Guha, Mishra, Roy and Schrijvers 2016): trees of random cuts, into which rows come one
/// by one, and from which others go. Each tree takes a row with the probability that keeps its sample uniform over the
/// rows so far, until those are window_size, and sample_size / window_size from then on; a row of the sample goes for
/// it.
///
/// A row is unusual whose presence would make many others deeper: the score is the mean of log2(1 + d) over the trees,
/// over log2(1 + sample_size), d being the collusive displacement. That is computed as what is to be expected over the
/// cuts that an insertion would draw, so a score has no chance of its own and changes nothing.
///
/// Values count by their distance from the first row, in single precision and up to 1e38.
///
/// Warms up for sample_size rows. State: for each tree 12 bytes an input and row of the sample, and 36 bytes a row.
/// Never fails; options out of their ranges are taken to them.
/// @param inputs 1 at least
outlier_learner_ptr random_cut_forest(std::size_t inputs, const random_cut_options& how);

} // namespace weir::models::online
