#pragma once

#include "config/diagnostic.hpp"
#include "config/lane_plan.hpp"
#include "config/pipeline.hpp"

#include <vector>

#include <tl/expected.hpp>

namespace weir::config {

enum class model_files : std::uint8_t {
  opened, ///< models are read: what comes out can run
  closed, ///< for a check: nothing is opened, and nobody knows the types of what models make
};

/// Binds the steps of a pipeline, in the order in which records meet them, to what lanes run. What is wrong across its
/// sections (columns, expressions, names) stands at its place in the file, sorted.
tl::expected<lane_plan, std::vector<diagnostic>> compile(const pipeline& of, model_files models = model_files::opened);

} // namespace weir::config
