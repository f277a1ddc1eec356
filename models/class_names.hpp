#pragma once

#include "models/model.hpp"

#include <string>
#include <vector>

namespace weir::models {

/// The labels of classes as texts.
std::vector<std::string> class_names(const class_labels& labels);

/// Those of a label or of probabilities; where the file says none, the columns are numbered.
std::vector<std::string> class_names(const model_output& of);

} // namespace weir::models
