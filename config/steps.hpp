#pragma once

#include "config/pipeline.hpp"
#include "core/batch/layout.hpp"

#include <string>
#include <vector>

// What follows from the steps of a pipeline taken together; parser and compiler have to agree on it.

namespace weir::config {

/// The columns that the steps of a pipeline make, in its order; not those of the cluster-wide aggregates.
std::vector<located> made_columns(const pipeline& of);

/// The names of the cluster-wide aggregates.
std::vector<std::string> cluster_names(const pipeline& of);

/// Aggregates and detectors run behind the models, unless a model's input is an aggregate: then all aggregates run
/// before all models.
bool aggregates_before_inference(const pipeline& of);

/// Whether a rule is over the engine and the cluster's aggregates, and not over the columns of a lane.
/// @param engine core::engine_alerts::columns(cluster_names(of))
bool is_engine_rule(const alert_rule& rule, const core::layout& engine);

} // namespace weir::config
