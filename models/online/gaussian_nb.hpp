#pragma once

#include "models/online/class_list.hpp"
#include "models/online/learner.hpp"

#include <cstddef>

namespace weir::models::online {

/// In each class each input has a normal distribution of its own, whose mean and population variance are kept: river's
/// GaussianNB. A class that has not been seen is never chosen.
/// @param inputs 1 at least  @param classes two at least, or found as they come
learner_ptr gaussian_nb(std::size_t inputs, class_list classes);

} // namespace weir::models::online
