#pragma once

#include "config/pipeline.hpp"

#include <vector>

namespace weir::config {

/// What is doubtful about a pipeline that can run. From a topic: state by another column than the one that records are
/// keyed by is kept once in each partition. From a file: a window over time needs the column that has it.
std::vector<diagnostic> warnings(const pipeline& of);

} // namespace weir::config
