#pragma once

#include "models/online/learner.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::models::online {

/// What a leaf of a regression tree says.
enum class value_prediction : std::uint8_t {
  mean,     ///< the mean of its truths
  model,    ///< a weighted sum of the inputs, which it fits by gradient descent
  adaptive, ///< whichever of both had the smaller error of late
};

/// Names and defaults are river's, but for the last three.
struct hoeffding_regression {
  std::uint32_t grace_period = 200; ///< rows of a leaf between attempts to split it
  double delta = 1e-7;              ///< how probable it may be that another split was better
  double tau = 0.05;                ///< a bound below this is a tie: then the better one is taken
  value_prediction leaves = value_prediction::adaptive;
  double model_selector_decay = 0.95;  ///< of a squared error with each row
  std::uint32_t min_samples_split = 5; ///< rows on either side of a split
  std::uint32_t max_depth = 0;         ///< 0: no limit
  std::uint32_t digits = 1;            ///< decimals to which an input is rounded where splits are looked for
  double learning_rate = 0.01;         ///< of a leaf's weighted sum
  std::uint32_t max_values = 64;       ///< rounded values of an input that a leaf tells apart; more join the nearest
  std::uint32_t max_leaves = 256;      ///< then none is split any more
};

/// A regression tree that splits a leaf when the rows so far say with confidence which split is best, by the reduction
/// of variance: river's HoeffdingTreeRegressor (FIMT, Ikonomovska et al. 2011, without its test for drift). Splits are
/// looked for as by its default, the TEBSTSplitter, between values that are rounded; as a sorted table of bounded size,
/// which forgets no candidate, in place of a search tree that is pruned.
/// @param standardize inputs are taken to mean 0 and variance 1 as they come  @param inputs 1 at least
learner_ptr hoeffding_tree_regressor(std::size_t inputs, bool standardize, const hoeffding_regression& how);

} // namespace weir::models::online
