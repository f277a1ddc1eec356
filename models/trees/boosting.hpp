#pragma once

#include "core/base/result.hpp"
#include "models/training_data.hpp"
#include "models/trees/forest_trainer.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace weir::models {

/// Named as in scikit-learn's HistGradientBoostingRegressor and HistGradientBoostingClassifier, with their defaults; it
/// does not stop early unless n_iter_no_change says so.
struct boosting_options {
  std::string loss{}; ///< of a regression squared_error (default), absolute_error or poisson; of classes log_loss
  double learning_rate = 0.1;
  std::size_t max_iter = 100;
  std::size_t max_leaf_nodes = 31; ///< 0: no limit
  std::size_t max_depth = 0;       ///< 0: no limit
  std::size_t min_samples_leaf = 20;
  double l2_regularization = 0;
  double max_features = 1; ///< share of the features that a split is chosen among
  std::size_t max_bins = 255;
  std::vector<int> monotonic_cst{}; ///< by feature: 1 rises, -1 falls, 0 free
  std::size_t n_iter_no_change = 0; ///< ends when the loss of held-out rows has not fallen for so many trees; 0: never
  double validation_fraction = 0.1;
  std::string class_weight{}; ///< as in weights_of_classes()
  std::uint64_t random_state = 0;
  std::size_t threads = 0; ///< 0: one for each core; the model is the same whatever it is
};

/// What came of a boosting.
struct trained_boosting {
  trained_trees trees;       ///< a regression and two classes have one output, else there is one for each class
  std::vector<double> bases; ///< what the sums begin with, for each output
};

/// Gradient boosting (Friedman 2001) with histograms and second derivatives (Chen and Guestrin 2016; Ke et al. 2017):
/// trees grow leaf by leaf. The outputs are means, logarithms of means (poisson), or log-odds. Fails when check() does,
/// an option is out of its range, or poisson is to learn a negative target.
core::result<trained_boosting> train_boosting(const training_data& data, const boosting_options& options);

} // namespace weir::models
