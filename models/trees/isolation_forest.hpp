#pragma once

#include "core/base/result.hpp"
#include "models/training_data.hpp"
#include "models/tree_ensemble.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::models {

/// Named as in scikit-learn's IsolationForest, with its defaults.
struct isolation_options {
  std::size_t n_estimators = 100;
  std::size_t max_samples = 256; ///< rows that a tree isolates, drawn without replacement; fewer where there are fewer
  std::uint64_t random_state = 0;
};

/// The mean length of an unsuccessful search in a binary tree of so many rows, which a path is measured by.
double mean_path(std::size_t rows) noexcept;

/// Trees that say how long the path to a row is, on the mean over them.
struct isolation_trees {
  tree_ensemble trees;
  double mean_path = 0; ///< of a row like any other: a path of this length scores 0.5
};

/// An isolation forest (Liu, Ting and Zhou 2008): what is unusual is alone after few random splits. The score of a row
/// is 2^(-path / mean_path), from 0 to 1. A target is not looked at. Fails when check() does, a value is missing or an
/// option is out of its range.
core::result<isolation_trees> train_isolation_forest(const training_data& data, const isolation_options& options);

} // namespace weir::models
