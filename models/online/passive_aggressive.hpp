#pragma once

#include "models/online/class_list.hpp"
#include "models/online/learner.hpp"

#include <cstddef>
#include <cstdint>

namespace weir::models::online {

/// How far weights may go for one row (Crammer et al. 2006).
enum class aggressiveness : std::uint8_t {
  pa,   ///< until the row is right
  pa_1, ///< so, but C times the row at most
  pa_2, ///< less the more there is to do, by C
};

struct passive_aggressive {
  double C = 1;
  aggressiveness mode = aggressiveness::pa_1;
  double eps = 0.1; ///< of a regressor: errors up to this are right
  bool learn_intercept = true;
};

/// A weighted sum of the inputs that stays as it is where it is right, and else goes as far as it must: river's
/// PARegressor, with the loss of the paper: river 0.26 takes the truth for one of two classes there.
/// @param inputs 1 at least
learner_ptr passive_aggressive_regressor(std::size_t inputs, bool standardize, const passive_aggressive& how);

/// The same for classes: river's PAClassifier, in a OneVsRestClassifier where there are more than two.
/// @param classes as those of sgd_classifier()
learner_ptr passive_aggressive_classifier(std::size_t inputs, bool standardize, class_list classes,
                                          const passive_aggressive& how);

} // namespace weir::models::online
