#pragma once

#include "config/pipeline.hpp"

#include <vector>

namespace weir::config {

/// What is doubtful about a pipeline that can run: state by another column than the one that records are keyed by is
/// kept once in each partition.
std::vector<diagnostic> warnings(const pipeline& of);

} // namespace weir::config
