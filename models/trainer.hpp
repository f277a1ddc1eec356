#pragma once

#include "core/base/result.hpp"
#include "models/training_data.hpp"
#include "models/tree_ensemble.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::models {

/// Named as in scikit-learn's RandomForestRegressor, with its defaults but for the depth.
struct forest_options {
  std::size_t n_estimators = 100;
  std::size_t max_depth = 10; ///< 0: as deep as the data goes
  std::size_t min_samples_split = 2;
  std::size_t min_samples_leaf = 1; ///< drawn samples, with their repetitions
  double max_features = 1;          ///< share of the features that a split is chosen among
  bool bootstrap = true;            ///< each tree learns from as many rows, drawn with replacement
  std::uint64_t random_state = 0;
  std::size_t threads = 0; ///< 0: one for each core; the forest is the same whatever it is
};

/// A random forest regressor: CART trees on variance (Breiman 2001), whose splits are chosen among the borders of at
/// most 255 bins a feature; they are all midpoints between values where a feature has no more distinct ones. Fails when
/// a number is not finite, the lengths differ or an option is out of its range.
core::result<tree_ensemble> train_forest(const training_data& data, const forest_options& options);

} // namespace weir::models
