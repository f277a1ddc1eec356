#pragma once

#include "models/online/class_list.hpp"
#include "models/online/learner.hpp"
#include "models/online/linear_weights.hpp"
#include "models/online/losses.hpp"

#include <cstddef>

namespace weir::models::online {

/// A weighted sum of the inputs that learns by stochastic gradient descent (Robbins and Monro 1951): river's
/// LinearRegression behind its StandardScaler.
/// @param inputs 1 at least
learner_ptr sgd_regressor(std::size_t inputs, bool standardize, const regression_cost& cost,
                          const gradient_descent& how);

/// The same for classes: river's LogisticRegression, in a OneVsRestClassifier where there are more than two.
/// @param classes two at least, or found as they come. Of two that are given the second is the positive one
learner_ptr sgd_classifier(std::size_t inputs, bool standardize, class_list classes, classification_loss loss,
                           const gradient_descent& how);

} // namespace weir::models::online
