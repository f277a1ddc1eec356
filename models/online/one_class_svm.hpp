#pragma once

#include "models/online/outlier_learner.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::models::online {

/// Names are scikit-learn's OneClassSVM's, but for the last two.
struct one_class_svm_options {
  double nu = 0.5;                 ///< the share of the window's rows that are taken to lie outside, about
  double gamma = 0;                ///< how soon rows are no longer alike; 0: 1 over the number of inputs
  std::uint32_t window_size = 256; ///< the latest rows, of which it is trained; 8 at least
  std::uint32_t train_every = 64;  ///< so many rows
};

inline constexpr std::uint32_t max_svm_window = 4096;

/// A one-class support vector machine (Schölkopf et al. 2001) that is trained anew, from the latest window_size rows,
/// each train_every rows. Inputs are taken in standard deviations of that window; another value of an input that was
/// always the same is very far away. Its kernel is exp(-gamma * distance^2).
///
/// The score is 1 - sum(a * kernel) / sum(a) over the support vectors: 0 for a row that is the same as all of them,
/// near 1 for one that is like none. It grows as scikit-learn's decision_function falls, of which it is another scale:
/// the bound between inside and outside is another one after each training.
///
/// Warms up for window_size rows. State: the rows of the window, twice. A row costs as much as its distances to the
/// support vectors, nu of the window's rows or some more; a training the square of the window's rows, shared among
/// train_every. Where the solver does not settle, which it has 100 steps a row for, all rows of the window count alike.
/// Never fails; options out of their ranges are taken to them.
/// @param inputs 1 at least
outlier_learner_ptr one_class_svm(std::size_t inputs, const one_class_svm_options& how);

} // namespace weir::models::online
