#pragma once

#include "config/pipeline.hpp"
#include "config/yaml_reader.hpp"

namespace weir::config {

/// Reports what is wrong across the sections of a pipeline: columns, expressions, names, guarantees. See
/// parse_pipeline().
void check(const pipeline& of, yaml_reader& reader);

/// Aggregates and detectors run behind the models, unless a model's input is an aggregate: then all aggregates run
/// before all models.
bool aggregates_before_inference(const pipeline& of);

/// The columns that the steps of a pipeline make, in its order; not those of the cluster-wide aggregates.
std::vector<located> made_columns(const pipeline& of);

} // namespace weir::config
